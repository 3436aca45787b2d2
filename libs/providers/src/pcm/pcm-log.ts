/** Half a second of speech at 16 kHz. */
const INITIAL_SAMPLES = 8_000;
/** Four seconds at 16 kHz: longer than most utterances. A larger buffer is released when the log is cleared. */
const MOST_KEPT_SAMPLES = 64_000;

/**
 * Stores all audio so far in one array that grows. A list of frames would serve its reader equally well, but two small objects for each
 * frame, kept for as long as a user speaks, cause most of the garbage collection on a server with hundreds of sessions.
 */
export class PcmLog {
  #samples = new Int16Array();
  #length = 0;

  /** Yields views of the audio, none longer than `mostSamples`. They are valid until the next `push`. */
  *pieces(mostSamples: number): Generator<Int16Array, void> {
    for (let start = 0; start < this.#length; start += mostSamples) {
      yield this.#samples.subarray(start, Math.min(start + mostSamples, this.#length));
    }
  }

  /** Appends a copy of the samples. */
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

  /** Removes all audio. Memory for a few seconds is kept for the next use. */
  clear(): void {
    this.#length = 0;
    if (this.#samples.length > MOST_KEPT_SAMPLES) this.#samples = new Int16Array();
  }
}
