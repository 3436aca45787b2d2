import { describeError } from '@parley/engine';
import { type SupervisorClock, SYSTEM_SUPERVISOR_CLOCK, within } from './bounded';
import { Supervision } from './supervision';
import type { SupervisionAction, SupervisionNews } from './supervision-types';
import { SupervisionWork, type SupervisionWorkOptions } from './supervision-work';

export interface RoomSupervisorOptions extends Omit<SupervisionWorkOptions, 'clock'> {
  clock?: SupervisorClock;
}

/** How often the store is asked for lost rooms. */
const POLL_MS = 250;
/** How often all rooms are read, because messages of the media server may be lost. */
const SURVEY_MS = 2_000;
const STOP_MS = 2_000;

/**
 * Sees to it that every room with people has one assistant. Each server program of a deployment runs one; by the store's claims only one of them
 * acts on a room. Never throws: what fails is logged, and done again.
 */
export class RoomSupervisor {
  readonly #options: RoomSupervisorOptions;
  readonly #clock: SupervisorClock;
  readonly #work: SupervisionWork;
  readonly #supervision = new Supervision();
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<() => void>();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #isStoreAway = false;

  constructor(options: RoomSupervisorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_SUPERVISOR_CLOCK;
    this.#work = new SupervisionWork({ ...options, clock: this.#clock });
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#repeat(POLL_MS, () => this.#work.poll());
    this.#repeat(SURVEY_MS, () => this.#work.survey());
    // By itself, because the others may have to wait for the store or the media server.
    this.#repeat(POLL_MS, async () => ({ type: 'time-passed' }));
  }

  /** Resolves when nothing is under way any more, or after two seconds if the store or the media server does not answer. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    await within(this.#clock, STOP_MS, Promise.all(this.#running)).catch(() => undefined);
  }

  /** The media server says that the room has started. Rooms that are to have no assistant must not be reported, here and below. */
  roomStarted(room: string): void {
    this.#handle({ type: 'room-changed', room });
  }

  /** A person or an assistant has come. */
  participantJoined(room: string): void {
    this.#handle({ type: 'room-changed', room });
  }

  /** A person or an assistant has gone. */
  participantLeft(room: string): void {
    this.#handle({ type: 'room-changed', room });
  }

  /** The room has ended. The store forgets it. */
  roomFinished(room: string): void {
    this.#handle({ type: 'room-finished', room });
    if (this.#state === 'running') this.#run(() => this.#work.forget(room));
  }

  #handle(news: SupervisionNews): void {
    if (this.#state !== 'running') return;
    this.#noteStore(news);
    for (const action of this.#decide(news)) {
      this.#run(async () => {
        const answer = await this.#work.perform(action);
        if (answer) this.#handle(answer);
      });
    }
  }

  #decide(news: SupervisionNews): readonly SupervisionAction[] {
    try {
      return this.#supervision.handle({ ...news, atMs: this.#clock.now() });
    } catch (error) {
      // A fault in one room must not end the supervision of all others.
      this.#options.logger.error('the supervision of rooms has a fault', { error: describeError(error) });
      return [];
    }
  }

  /** Runs the task now, and again `afterMs` after each end of it. */
  #repeat(afterMs: number, task: () => Promise<SupervisionNews | undefined>): void {
    this.#run(async () => {
      const news = await task();
      if (news) this.#handle(news);
      if (this.#state !== 'running') return;
      const cancel = this.#clock.schedule(afterMs, () => {
        this.#timers.delete(cancel);
        this.#repeat(afterMs, task);
      });
      this.#timers.add(cancel);
    });
  }

  /** For what never rejects. */
  #run(task: () => Promise<void>): void {
    const running: Promise<void> = task().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #noteStore(news: SupervisionNews): void {
    if (news.type === 'store-answered' && this.#isStoreAway) {
      this.#isStoreAway = false;
      this.#options.logger.warn('the store of rooms answers again', {});
    }
    if (news.type === 'store-failed' && !this.#isStoreAway) {
      this.#isStoreAway = true;
      this.#options.logger.warn('the store of rooms does not answer: lost assistants are not replaced', { cause: news.cause });
    }
  }
}
