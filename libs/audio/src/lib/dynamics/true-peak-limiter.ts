import { LARGEST_OVERSHOOT, largestSample, peakFrom, SAMPLES_BEFORE, SAMPLES_BEHIND } from '../loudness/oversampling';
import { ReusableArray } from '../reusable-array';
import { dbToFactor } from './gain';
import { LimiterGain } from './limiter-gain';

export interface TruePeakLimiterOptions {
  readonly sampleRateHz: number;
  /** The highest true peak of the output, in dBTP, e.g. -1.5. */
  readonly ceilingDbtp: number;
  /** How long before a peak the gain begins to fall. Default 5. */
  readonly lookAheadMs?: number;
  /** How long about two thirds of a reduction need to go. Default 60. */
  readonly releaseMs?: number;
}

/** The gain changes while a peak passes, and 16 bits round: a little is kept free below the ceiling. What peaks below it passes untouched. */
export const LIMITER_MARGIN_DB = 0.1;
/** So many samples are looked at together: most need no limiting, and are copied. */
const RUN = 64;

/**
 * Keeps the true peak of a stream of one channel below a ceiling by lowering the gain in time before each peak. What needs no limiting passes
 * untouched. The output is aligned with the input: it only comes later, by `delaySamples`. It is the same whatever the lengths of the blocks.
 */
export class TruePeakLimiter {
  /** Input samples that must have followed a sample before it can be given out. */
  readonly delaySamples: number;

  readonly #ceiling: number;
  readonly #gain: LimiterGain;
  readonly #lookAheadSamples: number;
  readonly #input = new ReusableArray((length) => new Float32Array(length), 0);
  readonly #output = new ReusableArray((length) => new Float32Array(length), 0);
  /** Samples in `#input` before the next one whose peak is not known. */
  readonly #history: number;
  #filled: number;
  /** Outputs still due that lie before the stream. */
  #before: number;

  constructor({ sampleRateHz, ceilingDbtp, lookAheadMs = 5, releaseMs = 60 }: TruePeakLimiterOptions) {
    const samples = (durationMs: number): number => Math.max(1, Math.round((durationMs * sampleRateHz) / 1000));
    this.#ceiling = dbToFactor(ceilingDbtp - LIMITER_MARGIN_DB);
    this.#lookAheadSamples = samples(lookAheadMs);
    this.#gain = new LimiterGain({ lookAheadSamples: this.#lookAheadSamples, releaseSamples: samples(releaseMs) });
    this.#before = this.#lookAheadSamples - 1;
    this.#history = Math.max(this.#before, SAMPLES_BEFORE);
    this.#filled = this.#history;
    this.delaySamples = this.#before + SAMPLES_BEHIND;
  }

  /** All output that the input so far allows. The returned view is valid until the next call. */
  process(input: Float32Array): Float32Array {
    const buffer = this.#input.atLeast(this.#filled + input.length);
    buffer.set(input, this.#filled);
    this.#filled += input.length;
    return this.#drain(buffer);
  }

  /** The rest of the output, as if silence followed. The limiter is not used after it. */
  flush(): Float32Array {
    return this.process(new Float32Array(this.delaySamples));
  }

  #drain(buffer: Float32Array): Float32Array {
    const end = Math.max(this.#history, this.#filled - SAMPLES_BEHIND);
    const output = this.#output.atLeast(end);
    for (let from = this.#history; from < end; from += RUN) {
      const to = Math.min(end, from + RUN);
      const loud = largestSample(buffer, from - SAMPLES_BEFORE, to + SAMPLES_BEHIND) * LARGEST_OVERSHOOT > this.#ceiling;
      this.#emit(buffer, from, to, loud, output, from - this.#history);
    }
    const count = end - this.#history;
    const skipped = Math.min(this.#before, count);
    this.#before -= skipped;
    buffer.copyWithin(0, count, this.#filled);
    this.#filled -= count;
    return skipped === 0 ? this.#output.view(count) : output.subarray(skipped, count);
  }

  /** Writes the outputs that become known with the samples from `from` up to `to`, the first to place `at`. */
  #emit(buffer: Float32Array, from: number, to: number, loud: boolean, output: Float32Array, at: number): void {
    const gain = this.#gain;
    const shift = this.#lookAheadSamples - 1;
    if (!loud && gain.isIdle) {
      for (let i = from; i < to; i++) output[at + i - from] = buffer[i - shift];
      return;
    }
    for (let i = from; i < to; i++) output[at + i - from] = buffer[i - shift] * gain.next(loud ? this.#limitAt(buffer, i) : 1);
  }

  #limitAt(buffer: Float32Array, index: number): number {
    const peak = peakFrom(buffer, index);
    return peak > this.#ceiling ? this.#ceiling / peak : 1;
  }
}
