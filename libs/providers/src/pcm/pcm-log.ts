/** Half a second of speech at 16 kHz. */
const INITIAL_SAMPLES = 8_000;
/** Four seconds: longer than most of what is said in one go. */
const MOST_KEPT_SAMPLES = 64_000;

/**
 * All audio so far, in one array that grows. A list of frames would be the same to its reader; but two small objects a frame, kept as long as
 * a user speaks, are what the collector of a server with hundreds of sessions then moves about most.
 */
export class PcmLog {
  #samples = new Int16Array();
  #length = 0;

  /** Views of it, none longer than `mostSamples`; valid until the next `push`. */
  *pieces(mostSamples: number): Generator<Int16Array, void> {
    for (let start = 0; start < this.#length; start += mostSamples) {
      yield this.#samples.subarray(start, Math.min(start + mostSamples, this.#length));
    }
  }

  /** Copies it. */
  push(pcm: Int16Array): void {
    const length = this.#length + pcm.length;
    if (length > this.#samples.length) {
      const grown = new Int16Array(Math.max(length, 2 * this.#samples.length, INITIAL_SAMPLES));
      grown.set(this.#samples.subarray(0, this.#length));
      this.#samples = grown;
    }
    this.#samples.set(pcm, this.#length);
    this.#length = length;
  }

  /** Forgets everything. Memory for a few seconds is kept for the next use. */
  clear(): void {
    this.#length = 0;
    if (this.#samples.length > MOST_KEPT_SAMPLES) this.#samples = new Int16Array();
  }
}
