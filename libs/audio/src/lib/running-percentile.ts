/** A percentile of the last `size` values. One `push` costs a binary search and a move within a small array; nothing is allocated. */
export class RunningPercentile {
  private readonly recent: Float64Array;
  private readonly sorted: Float64Array;
  private count = 0;
  private oldest = 0;

  /** `fraction` of 0..1, e.g. 0.2 for the 20th percentile. */
  constructor(
    size: number,
    private readonly fraction: number,
  ) {
    this.recent = new Float64Array(size);
    this.sorted = new Float64Array(size);
  }

  /** Adds a value and returns the percentile of the values held, which is one of them. `value` must not be NaN. */
  push(value: number): number {
    if (this.count === this.recent.length) this.remove(this.recent[this.oldest]);
    this.insert(value);
    this.recent[this.oldest] = value;
    this.oldest = (this.oldest + 1) % this.recent.length;
    return this.sorted[Math.min(this.count - 1, Math.floor(this.fraction * this.count))];
  }

  /** Forgets all values. */
  reset(): void {
    this.count = 0;
    this.oldest = 0;
  }

  private insert(value: number): void {
    const at = this.firstNotBelow(value);
    this.sorted.copyWithin(at + 1, at, this.count);
    this.sorted[at] = value;
    this.count++;
  }

  private remove(value: number): void {
    const at = this.firstNotBelow(value);
    this.sorted.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  private firstNotBelow(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
