/** Durations in samples. */
export interface StartBufferOptions {
  /** What a turn gathers before it starts, on a good line. */
  readonly startSamples: number;
  /** What it gathers before it goes on after the first gap. */
  readonly restartSamples: number;
  /** The upper limit, however bad the connection is. */
  readonly maxSamples: number;
  /** What each gap adds. */
  readonly growSamples: number;
  /** What each piece of good playback takes away again. */
  readonly shrinkSamples: number;
  /** How much playback without a gap is such a piece; a whole turn without one is, too. */
  readonly goodSamples: number;
}

/**
 * How much audio must have arrived before a turn starts, or continues after a gap. Each gap raises it, because the connection is worse than
 * assumed, and playback without gaps lowers it again, because waiting delays the answer. Allocates nothing.
 */
export class StartBuffer {
  private extra = 0;
  private playedInARow = 0;

  constructor(private readonly options: StartBufferOptions) {}

  /** Before a turn starts. */
  get startSamples(): number {
    return this.limited(this.options.startSamples + this.extra);
  }

  /** Playback has run out of audio. Returns how many samples must have arrived before it continues. */
  gap(): number {
    const { restartSamples, startSamples, maxSamples, growSamples } = this.options;
    const before = this.limited(restartSamples + this.extra);
    this.extra = Math.min(this.extra + growSamples, Math.max(0, maxSamples - Math.min(startSamples, restartSamples)));
    this.playedInARow = 0;
    return before;
  }

  /** This many samples were played without a gap. */
  played(samples: number): void {
    this.playedInARow += samples;
    if (this.playedInARow < this.options.goodSamples) return;
    this.playedInARow -= this.options.goodSamples;
    this.shrink();
  }

  /** A turn was played to its end, and there was no gap in it. */
  turnWasWhole(): void {
    this.shrink();
  }

  private shrink(): void {
    // What the limit cuts off must not have to be taken away first.
    const useful = Math.max(0, this.options.maxSamples - this.options.startSamples);
    this.extra = Math.max(0, Math.min(this.extra, useful) - this.options.shrinkSamples);
  }

  private limited(samples: number): number {
    return Math.min(samples, Math.max(this.options.maxSamples, this.options.startSamples));
  }
}
