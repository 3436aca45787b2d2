/** Combines samples of any length into chunks of equal length. */
export class Chunker {
  readonly #chunkSamples: number;
  #chunk: Int16Array;
  #filled = 0;

  constructor(chunkSamples: number) {
    this.#chunkSamples = chunkSamples;
    this.#chunk = new Int16Array(chunkSamples);
  }

  /** Returns the chunks that `pcm` completes. Each is a new copy. */
  push(pcm: Int16Array): Int16Array[] {
    const chunks: Int16Array[] = [];
    for (let taken = 0; taken < pcm.length;) {
      const part = pcm.subarray(taken, taken + this.#chunkSamples - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === this.#chunkSamples) chunks.push(this.#take());
    }
    return chunks;
  }

  /** Returns the rest, which is shorter than a chunk, or undefined if there is none. */
  flush(): Int16Array | undefined {
    return this.#filled === 0 ? undefined : this.#take();
  }

  #take(): Int16Array {
    const chunk = this.#chunk.subarray(0, this.#filled);
    this.#chunk = new Int16Array(this.#chunkSamples);
    this.#filled = 0;
    return chunk;
  }
}
