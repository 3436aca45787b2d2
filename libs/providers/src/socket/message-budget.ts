/**
 * This many messages at once are plausible only from a vendor that catches up after a delay: more than a minute of speech in the smallest
 * pieces.
 */
const MOST_AT_ONCE = 5_000;
const MOST_PER_SECOND = 500;

/**
 * Limits how many messages a vendor may send. Every message costs parsing time, however small it is, and a flood of them would keep
 * everything else from running.
 */
export class MessageBudget {
  #left = MOST_AT_ONCE;
  #countedAtMs: number | undefined;

  /** Returns whether one more message may arrive now. `nowMs` is the time of a monotonic clock in milliseconds. */
  takes(nowMs: number): boolean {
    const passedMs = nowMs - (this.#countedAtMs ?? nowMs);
    this.#countedAtMs = nowMs;
    this.#left = Math.min(MOST_AT_ONCE, this.#left + (passedMs * MOST_PER_SECOND) / 1000) - 1;
    return this.#left >= 0;
  }
}
