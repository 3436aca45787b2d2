import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock';

interface Scheduled {
  atMs: number;
  order: number;
  callback: () => void;
}

/**
 * A clock that advances only when a test says so. Callbacks run in the order of their times, and the promises they settle run before the
 * next callback.
 */
export class ManualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #scheduled = new Set<Scheduled>();

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** The number of callbacks that have not run yet; 0 when nothing was left behind. */
  get pending(): number {
    return this.#scheduled.size;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const scheduled = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#scheduled.add(scheduled);
    return () => void this.#scheduled.delete(scheduled);
  }

  /** Advances by `durationMs`. Callbacks that are scheduled meanwhile and become due run as well. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await this.settle();
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#scheduled.delete(next);
      this.#nowMs = next.atMs;
      next.callback();
      await this.settle();
    }
    this.#nowMs = untilMs;
  }

  /** Lets promises settle without advancing the time. */
  async settle(): Promise<void> {
    await setImmediate();
  }

  #next(untilMs: number): Scheduled | undefined {
    let next: Scheduled | undefined;
    for (const scheduled of this.#scheduled) {
      if (scheduled.atMs > untilMs) continue;
      if (!next || scheduled.atMs < next.atMs || (scheduled.atMs === next.atMs && scheduled.order < next.order)) next = scheduled;
    }
    return next;
  }
}
