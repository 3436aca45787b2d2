/** The lowest and the highest sample of a stretch, as signed 16-bit values. */
export interface Peak {
  readonly low: number;
  readonly high: number;
}

/**
 * The shape of a recording of any length, for a picture of it. Memory is bounded: there are at most `maxBins` stretches of equal length; when
 * they are used up, each two become one.
 */
export class Peaks {
  private readonly lows: Int16Array;
  private readonly highs: Int16Array;
  private samplesPerBin: number;
  private bins = 0;
  /** Samples in the last bin. */
  private filled = 0;

  /** `maxBins` is even. */
  constructor(
    private readonly maxBins = 4_096,
    samplesPerBin = 256,
  ) {
    this.lows = new Int16Array(maxBins);
    this.highs = new Int16Array(maxBins);
    this.samplesPerBin = samplesPerBin;
  }

  /** How many samples were added. */
  get samples(): number {
    return this.bins === 0 ? 0 : (this.bins - 1) * this.samplesPerBin + this.filled;
  }

  add(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length;) {
      if (this.bins === 0 || this.filled === this.samplesPerBin) this.next(pcm[at] ?? 0);
      const bin = this.bins - 1;
      const to = Math.min(pcm.length, at + this.samplesPerBin - this.filled);
      this.filled += to - at;
      let low = this.lows[bin] ?? 0;
      let high = this.highs[bin] ?? 0;
      for (; at < to; at++) {
        const sample = pcm[at] ?? 0;
        if (sample < low) low = sample;
        if (sample > high) high = sample;
      }
      this.lows[bin] = low;
      this.highs[bin] = high;
    }
  }

  /** The peak of the samples `from` to `to` (exclusive), as exact as the bins are. Silence where there are none. */
  between(from: number, to: number): Peak {
    const last = Math.min(this.bins, Math.max(Math.floor(from / this.samplesPerBin) + 1, Math.ceil(to / this.samplesPerBin)));
    let low = 0;
    let high = 0;
    for (let bin = Math.max(0, Math.floor(from / this.samplesPerBin)); bin < last; bin++) {
      low = Math.min(low, this.lows[bin] ?? 0);
      high = Math.max(high, this.highs[bin] ?? 0);
    }
    return { low, high };
  }

  private next(first: number): void {
    if (this.bins === this.maxBins) this.halve();
    if (this.bins > 0 && this.filled < this.samplesPerBin) return;
    this.lows[this.bins] = first;
    this.highs[this.bins] = first;
    this.bins += 1;
    this.filled = 0;
  }

  private halve(): void {
    for (let bin = 0; bin < this.bins / 2; bin++) {
      this.lows[bin] = Math.min(this.lows[2 * bin] ?? 0, this.lows[2 * bin + 1] ?? 0);
      this.highs[bin] = Math.max(this.highs[2 * bin] ?? 0, this.highs[2 * bin + 1] ?? 0);
    }
    this.bins /= 2;
    this.samplesPerBin *= 2;
    this.filled = this.samplesPerBin;
  }
}
