/** Samples that were received and not handed out yet. */
export class HeldPcm {
  #parts: Int16Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#parts.push(pcm);
    this.#length += pcm.length;
  }

  /** Removes up to `count` samples from the beginning and returns them as a new array. */
  take(count: number): Int16Array {
    const taken = new Int16Array(Math.max(0, Math.min(count, this.#length)));
    let filled = 0;
    while (filled < taken.length) {
      const part = this.#parts[0] ?? taken;
      const used = part.subarray(0, taken.length - filled);
      taken.set(used, filled);
      filled += used.length;
      if (used.length === part.length) this.#parts.shift();
      else this.#parts[0] = part.subarray(used.length);
    }
    this.#length -= taken.length;
    return taken;
  }

  clear(): void {
    this.#parts = [];
    this.#length = 0;
  }
}
