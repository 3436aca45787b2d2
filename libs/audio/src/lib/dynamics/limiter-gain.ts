import { SlidingMinimum } from './sliding-minimum';

/** So near to 1, the gain is 1: it would take forever to get there. */
const NEARLY_FULL = 1 - 1e-6;

export interface LimiterGainOptions {
  /** How many samples before a peak the gain begins to fall, and by what it comes late. */
  readonly lookAheadSamples: number;
  /** In how many samples about two thirds of a reduction are gone again. */
  readonly releaseSamples: number;
}

/**
 * Smooths the gain that every sample needs into one that can be heard as little as possible: it is never above what was asked for, falls in a
 * straight line over the look-ahead, changes by no more than the reciprocal of the look-ahead from sample to sample, and recovers slowly.
 */
export class LimiterGain {
  readonly #length: number;
  readonly #least: SlidingMinimum;
  readonly #recovery: number;
  /** What the last samples would have without the straight line; their mean is the gain. */
  readonly #held: Float64Array;
  #at = 0;
  #sum: number;
  #envelope = 1;
  #idle = 0;

  constructor({ lookAheadSamples, releaseSamples }: LimiterGainOptions) {
    this.#length = lookAheadSamples;
    this.#least = new SlidingMinimum(lookAheadSamples);
    this.#recovery = 1 - Math.exp(-1 / releaseSamples);
    this.#held = new Float64Array(lookAheadSamples).fill(1);
    this.#sum = lookAheadSamples;
    this.#idle = lookAheadSamples;
  }

  /** Whether the gain is 1, and stays it while no less is asked for. */
  get isIdle(): boolean {
    return this.#idle >= this.#length;
  }

  /** Takes the gain that a sample must not exceed; gives the gain of the sample `lookAheadSamples - 1` before it. */
  next(limit: number): number {
    const least = this.#least.push(limit);
    this.#envelope = Math.min(least, this.#envelope + (1 - this.#envelope) * this.#recovery);
    if (this.#envelope > NEARLY_FULL && least === 1) this.#envelope = 1;
    this.#idle = this.#envelope === 1 ? this.#idle + 1 : 0;
    this.#sum += this.#envelope - this.#held[this.#at];
    this.#held[this.#at] = this.#envelope;
    this.#at = this.#at + 1 === this.#length ? 0 : this.#at + 1;
    // Without what the sum has gathered by rounding.
    if (this.isIdle) this.#sum = this.#length;
    return this.#sum / this.#length;
  }
}
