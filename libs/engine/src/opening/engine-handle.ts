import type { EndReason } from '@parley/conversation';
import type { Conversation } from '../ports';
import type { OpeningPlace, OpeningQueue } from './opening-queue';

/** Something the engine is to be told. */
export type EngineCall = (engine: Conversation) => void;

export interface EngineHandleOptions {
  openings: OpeningQueue;
  /** Called when the conversation's turn to be opened has come. */
  open: () => Promise<Conversation>;
  /** Runs what may throw; false when it did. */
  contain: (act: () => void) => boolean;
  /** There will be no engine. */
  onFailure: (error: unknown) => void;
}

/**
 * How a close was taken: by the engine; by nobody yet, because the engine is being made and is closed as soon as it is there; by nobody at
 * all, because there is no engine and will be none, or it failed.
 */
export type CloseOutcome = 'told' | 'later' | 'untold';

/** A client that says so much before its conversation is ready floods. */
const MAX_WAITING = 1_000;
/** Engines have time limits of their own; this one is for those that hang. */
const MAX_OPENING_MS = 30_000;

/**
 * The engine of one connection, from the moment it is asked for: what it is told before it is there is kept, and told in its order. Whoever
 * made the handle closes it.
 */
export class EngineHandle {
  private engine: Conversation | undefined;
  private waiting: EngineCall[] = [];
  private place: OpeningPlace | undefined;
  private closedFor: EndReason | undefined;
  private isEndReported = false;

  constructor(private readonly options: EngineHandleOptions) {}

  /** Once. False: so many conversations wait to be opened that there will be no engine. */
  request(): boolean {
    this.place = this.options.openings.join(() => this.open());
    return this.place !== undefined;
  }

  /** False: too much waits for the engine already. */
  tell(call: EngineCall): boolean {
    if (this.engine) call(this.engine);
    else if (this.waiting.length < MAX_WAITING) this.waiting.push(call);
    else return false;
    return true;
  }

  /** Ends the conversation, whether it has been opened or not. The engine is told once: the first reason counts. */
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

  /** An engine that comes too late is closed: it must not keep others from being opened. */
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
