/** The options of a `Framer`. */
export interface FramerOptions {
  /** Samples per frame. */
  readonly frameSamples: number;
  /** Called once per whole frame. The array is used again for the next frame: copy what is kept. */
  readonly onFrame: (frame: Int16Array) => void;
}

/** Collects samples from blocks of any length into frames of a fixed length. Allocates nothing after construction. */
export class Framer {
  private readonly frame: Int16Array;
  private readonly onFrame: (frame: Int16Array) => void;
  private filled = 0;

  /** @throws RangeError when `frameSamples` is not a positive integer. */
  constructor(options: FramerOptions) {
    if (!Number.isInteger(options.frameSamples) || options.frameSamples < 1) {
      throw new RangeError(`a frame of ${options.frameSamples} samples is not possible`);
    }
    this.frame = new Int16Array(options.frameSamples);
    this.onFrame = options.onFrame;
  }

  /** Samples that wait for the rest of their frame. */
  get pendingSamples(): number {
    return this.filled;
  }

  /** Takes any number of samples; calls `onFrame` for every frame they complete. */
  push(samples: Int16Array): void {
    for (let i = 0; i < samples.length; i++) this.pushSample(samples[i]);
  }

  /** The same, for one signed 16-bit sample. */
  pushSample(sample: number): void {
    this.frame[this.filled++] = sample;
    if (this.filled === this.frame.length) {
      this.filled = 0;
      this.onFrame(this.frame);
    }
  }

  /** Drops the samples of the partial frame. */
  reset(): void {
    this.filled = 0;
  }
}
