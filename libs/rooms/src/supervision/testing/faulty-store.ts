import type { ManualClock } from '@parley/testing';
import { MemoryRoomStore, type RoomStore } from '../../store';

/** What a program waits for Redis. */
const TIMEOUT_MS = 1_000;

/**
 * A store that can be away. `refusing`: calls fail at once, and nothing is done. `frozen`: calls fail after a second, but what was asked is done
 * as soon as the store is back, as with a Redis that has stopped for a while.
 */
export class FaultyStore {
  #inner: MemoryRoomStore;
  #state: 'well' | 'refusing' | 'frozen' = 'well';
  #late: (() => void)[] = [];
  /** The store as programs see it. */
  readonly store: RoomStore;

  constructor(private readonly clock: ManualClock) {
    this.#inner = this.#empty();
    this.store = new Proxy({} as RoomStore, {
      get:
        (_, name: keyof RoomStore) =>
        (...args: unknown[]) =>
          this.#call(() => (this.#inner[name] as (...args: unknown[]) => Promise<unknown>)(...args)),
    });
  }

  /** The records themselves, also while programs cannot reach them. */
  get records(): RoomStore {
    return this.#inner;
  }

  get isAway(): boolean {
    return this.#state !== 'well';
  }

  refuse(): void {
    this.#state = 'refusing';
  }

  freeze(): void {
    this.#state = 'frozen';
  }

  recover(): void {
    this.#state = 'well';
    for (const run of this.#late.splice(0)) run();
  }

  /** As after a restart of Redis. */
  forgetAll(): void {
    this.#inner = this.#empty();
  }

  #empty(): MemoryRoomStore {
    return new MemoryRoomStore({ now: () => this.clock.now() });
  }

  #call(run: () => Promise<unknown>): Promise<unknown> {
    if (this.#state === 'well') return run();
    if (this.#state === 'refusing') return Promise.reject(new Error('away'));
    this.#late.push(() => void run().catch(() => undefined));
    return new Promise((_, reject) => this.clock.schedule(TIMEOUT_MS, () => reject(new Error('no answer'))));
  }
}
