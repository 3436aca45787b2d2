/** How many requests are made at the same time: at most `most`, and fewer for a while after the vendor refused one because there were too many. */
export class ParallelLimit {
  readonly #most: number;
  readonly #waiting = new Set<() => void>();
  #limit: number;
  #running = 0;
  #successes = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Resolves with what ends the request, as soon as it may be made; `undefined` if `signal` aborts before. */
  async enter(signal: AbortSignal): Promise<(() => void) | undefined> {
    while (this.#running >= this.#limit && !signal.aborted) await this.#turn(signal);
    if (signal.aborted) return undefined;
    this.#running++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#running--;
      this.#wake();
    };
  }

  /** The vendor had too many requests, this one included. */
  refused(): void {
    this.#limit = Math.max(1, Math.min(this.#limit, this.#running) - 1);
    this.#successes = 0;
  }

  /** A request was answered. After as many as there may be at once, one more may be. */
  succeeded(): void {
    if (this.#limit >= this.#most || ++this.#successes < this.#limit) return;
    this.#successes = 0;
    this.#limit++;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
