/** How much silence lies between two parts of an episode at least: what a decoder still has to give out of the one is over before the next begins. */
const LEAST_PAUSE_MS = 100;

export interface PauseBehind {
  readonly samples: number;
  /** Whether what follows can be encoded without what came before. */
  readonly endsPart: boolean;
}

/**
 * Fits pauses to the frames of MP3, so that an episode's file can be put together from parts that were encoded each for itself: what follows
 * a pause of 100 ms or more begins at the beginning of a frame. Such a pause becomes up to half a frame longer or shorter, 12 ms at 24 kHz.
 */
export class FrameGrid {
  readonly #sampleRateHz: number;
  readonly #frameSamples: number;
  /** Samples since the beginning of the part. */
  #at = 0;

  constructor(sampleRateHz: number, frameSamples: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#frameSamples = frameSamples;
  }

  /** Whether what follows such a pause is encoded without what came before it. */
  static isDividedBy(pauseMs: number): boolean {
    return pauseMs >= LEAST_PAUSE_MS;
  }

  /** The pause behind the next segment of the episode. */
  pauseBehind(segmentSamples: number, pauseMs: number): PauseBehind {
    const pause = Math.round((pauseMs * this.#sampleRateHz) / 1000);
    const end = this.#at + segmentSamples;
    if (!FrameGrid.isDividedBy(pauseMs)) {
      this.#at = end + pause;
      return { samples: pause, endsPart: false };
    }
    this.#at = 0;
    return { samples: Math.round((end + pause) / this.#frameSamples) * this.#frameSamples - end, endsPart: true };
  }
}
