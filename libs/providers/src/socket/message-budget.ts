/** So many at once are a vendor that makes up for lost time: a minute of speech in the smallest pieces, and more. */
const MOST_AT_ONCE = 5_000;
const MOST_PER_SECOND = 500;

/** How many messages a vendor may send. Each costs its parsing, however small it is, and a flood of them everything else its turn. */
export class MessageBudget {
  #left = MOST_AT_ONCE;
  #countedAtMs: number | undefined;

  /** Whether one more may come now. `nowMs`: a monotonic clock in milliseconds. */
  takes(nowMs: number): boolean {
    const passedMs = nowMs - (this.#countedAtMs ?? nowMs);
    this.#countedAtMs = nowMs;
    this.#left = Math.min(MOST_AT_ONCE, this.#left + (passedMs * MOST_PER_SECOND) / 1000) - 1;
    return this.#left >= 0;
  }
}
