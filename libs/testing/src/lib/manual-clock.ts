import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock';

interface Scheduled {
  atMs: number;
  order: number;
  callback: () => void;
}

/** Time that only passes when a test says so. Callbacks run in the order of their times, and what they set off in promises has run before the next one. */
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

  /** Callbacks that have not run yet: 0 when nothing was left behind. */
  get pending(): number {
    return this.#scheduled.size;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const scheduled = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#scheduled.add(scheduled);
    return () => void this.#scheduled.delete(scheduled);
  }

  /** Lets `durationMs` pass. Callbacks that are scheduled on the way and fall due run as well. */
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

  /** Lets promises that can go on go on, without time passing. */
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
