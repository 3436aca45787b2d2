const EVERY_MS = 20;

/** Watches how far the memory of this process grows. The caller must stop it. */
export class MemoryPeak {
  readonly #before = process.memoryUsage.rss();
  #most = this.#before;
  readonly #timer = setInterval(() => this.#look(), EVERY_MS);

  /** Bytes that were resident at most beyond those at the beginning. */
  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#most - this.#before;
  }

  #look(): void {
    this.#most = Math.max(this.#most, process.memoryUsage.rss());
  }
}
