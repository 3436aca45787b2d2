/** A queue of samples in a ring of fixed size. Allocates nothing after construction. */
export class SampleRing {
  private readonly samples: Float32Array;
  private first = 0;
  private count = 0;

  constructor(capacity: number) {
    this.samples = new Float32Array(capacity);
  }

  /** Samples it can hold. */
  get capacity(): number {
    return this.samples.length;
  }

  /** Samples it holds. */
  get length(): number {
    return this.count;
  }

  /** Copies as many of the samples as fit, from the first on; returns how many. */
  push(samples: Float32Array): number {
    const taken = Math.min(samples.length, this.samples.length - this.count);
    let at = this.wrap(this.first + this.count);
    for (let i = 0; i < taken; i++) {
      this.samples[at] = samples[i];
      at = this.wrap(at + 1);
    }
    this.count += taken;
    return taken;
  }

  /** Takes out the oldest sample; there must be one. */
  shift(): number {
    const sample = this.samples[this.first];
    this.dropOldest(1);
    return sample;
  }

  /** Forgets the samples written first; no more than there are. */
  dropOldest(count: number): void {
    this.first = this.wrap(this.first + count);
    this.count -= count;
  }

  /** Forgets the samples written last; no more than there are. */
  dropNewest(count: number): void {
    this.count -= count;
  }

  /** Forgets them all. */
  clear(): void {
    this.count = 0;
  }

  private wrap(index: number): number {
    return index < this.samples.length ? index : index - this.samples.length;
  }
}
