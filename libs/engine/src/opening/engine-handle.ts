import type { EndReason } from '@parley/conversation';
import type { Conversation } from '../ports';
import type { OpeningPlace, OpeningQueue } from './opening-queue';

/** One call of the engine, which may have to wait until the engine exists. */
export type EngineCall = (engine: Conversation) => void;

export interface EngineHandleOptions {
  openings: OpeningQueue;
  /** Called when the queue lets this conversation be opened. */
  open: () => Promise<Conversation>;
  /** Runs a function that may throw. Returns false if it did. */
  contain: (act: () => void) => boolean;
  /** Called when the engine could not be opened. */
  onFailure: (error: unknown) => void;
}

/**
 * Whether the engine was told about the end: `told`; `later`, because the engine is still being opened and is closed as soon as it is there;
 * or `untold`, because there is no engine and will be none, or the call failed.
 */
export type CloseOutcome = 'told' | 'later' | 'untold';

/** How many calls may wait for the engine. A client that sends more before its conversation is ready is misbehaving. */
const MAX_WAITING = 1_000;
/** Engines have their own time limits; this one catches an engine that never answers. */
const MAX_OPENING_MS = 30_000;

/**
 * The engine of one connection, from the moment it is requested. Calls that are made before it exists are kept and made in the same order
 * afterwards. Closed by whoever has created it.
 */
export class EngineHandle {
  private engine: Conversation | undefined;
  private waiting: EngineCall[] = [];
  private place: OpeningPlace | undefined;
  private closedFor: EndReason | undefined;
  private isEndReported = false;

  constructor(private readonly options: EngineHandleOptions) {}

  /** Whether a turn is under way, or words of the user wait until the engine is there. */
  get isInTurn(): boolean {
    return this.engine?.isInTurn ?? this.waiting.length > 0;
  }

  /** To be called once. Returns false if too many conversations are already waiting, in which case there will be no engine. */
  request(): boolean {
    this.place = this.options.openings.join(() => this.open());
    return this.place !== undefined;
  }

  /** Returns false if too many calls are already waiting for the engine. */
  tell(call: EngineCall): boolean {
    if (this.engine) call(this.engine);
    else if (this.waiting.length < MAX_WAITING) this.waiting.push(call);
    else return false;
    return true;
  }

  /** Ends the conversation, whether it has been opened or not. The engine is told once, with the first reason. */
  close(reason: EndReason): CloseOutcome {
    this.closedFor ??= reason;
    this.waiting = [];
    const { engine } = this;
    if (engine === undefined) return this.place?.leave() === false ? 'later' : 'untold';
    this.isEndReported ||= this.options.contain(() => engine.end(reason));
    return this.isEndReported ? 'told' : 'untold';
  }

  private async open(): Promise<void> {
    try {
      this.attach(await this.inTime(this.options.open()));
    } catch (error) {
      this.closedFor ??= 'error';
      this.options.onFailure(error);
    }
  }

  /** An engine that is opened too late is closed, so that it does not keep others from being opened. */
  private inTime(opening: Promise<Conversation>): Promise<Conversation> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(new Error(`the engine was not there within ${MAX_OPENING_MS} ms`));
      }, MAX_OPENING_MS);
      timer.unref();
      const arrived = (engine: Conversation): void => {
        if (isLate) this.options.contain(() => engine.end('error'));
        else resolve(engine);
      };
      void opening.then(arrived, reject).finally(() => clearTimeout(timer));
    });
  }

  private attach(engine: Conversation): void {
    this.engine = engine;
    const { waiting, closedFor } = this;
    this.waiting = [];
    if (closedFor !== undefined) this.close(closedFor);
    else for (const call of waiting) this.options.contain(() => call(engine));
  }
}
