import { FilterCache } from './filter-cache';
import { ReusableArray } from './reusable-array';
import { designPolyphaseFilter, kaiserBeta, kaiserTaps, type PolyphaseFilter } from './windowed-sinc';

/** Both rates are positive integers. */
export interface ResamplerOptions {
  readonly fromRateHz: number;
  readonly toRateHz: number;
}

/** Attenuation of aliases and images, in dB. */
const STOPBAND_DB = 80;
/** End of the passband, relative to the lower of the two Nyquist frequencies, where the stopband begins. */
const PASSBAND_END = 0.86;
/** Rates whose ratio needs more phases than this share a table of `INTERPOLATED_PHASES` and interpolate between its rows. */
const MAX_EXACT_PHASES = 1024;
const INTERPOLATED_PHASES = 512;
/**
 * Number of ratios whose filters are cached: more than the usual sample rates have. A filter takes up to 2 MB, and usually a tenth of
 * that.
 */
const FILTERS = new FilterCache(32, designFilter);

/**
 * Changes the sample rate of a stream: windowed-sinc polyphase filter, flat to 0.86 of the lower Nyquist frequency, aliases and images
 * 80 dB down. Output sample `n` is the input at exactly `n * fromRateHz / toRateHz` samples, in integer arithmetic, so that nothing
 * drifts; the output is the same whatever the lengths of the blocks. Equal rates pass through untouched.
 *
 * One instance per stream; no allocation once the block lengths have settled.
 */
export class Resampler {
  /**
   * Input samples that must have followed an instant before its output can be made. The output is not shifted by them: the signal stays
   * aligned with the input, it only comes later.
   */
  readonly delaySamples: number;

  private readonly filter: PolyphaseFilter | undefined;
  /** The rates divided by their greatest common divisor. */
  private readonly fromStep: number;
  private readonly toStep: number;

  private readonly input = new ReusableArray((length) => new Float32Array(length), 0);
  private readonly output = new ReusableArray((length) => new Float32Array(length), 0);
  private readonly tail: Float32Array;
  private filled = 0;
  /** Where the next output instant lies: its first tap in `input`, and what lies after the sample at or before it, in 1/toStep. */
  private first = 0;
  private phase = 0;

  /** @throws RangeError when a rate is not a positive integer. */
  constructor({ fromRateHz, toRateHz }: ResamplerOptions) {
    for (const rateHz of [fromRateHz, toRateHz]) {
      if (!Number.isInteger(rateHz) || rateHz < 1) throw new RangeError(`${rateHz} Hz is not a sample rate`);
    }
    const divisor = greatestCommonDivisor(fromRateHz, toRateHz);
    this.fromStep = fromRateHz / divisor;
    this.toStep = toRateHz / divisor;
    if (fromRateHz !== toRateHz) this.filter = FILTERS.get(this.fromStep, this.toStep);
    this.delaySamples = this.filter ? this.filter.taps / 2 : 0;
    this.tail = new Float32Array(this.delaySamples);
    this.reset();
  }

  /** All output that the input so far allows. The returned view is valid until the next call; with equal rates it is `input` itself. */
  process(input: Float32Array): Float32Array {
    if (!this.filter) return input;
    this.append(input);
    return this.drain(this.filter);
  }

  /** The rest of the output, as if silence followed; then ready for a new stream. In all, `ceil(inputs * toRateHz / fromRateHz)` samples. */
  flush(): Float32Array {
    const rest = this.process(this.tail);
    this.reset();
    return rest;
  }

  /** Forgets everything: the next sample begins a new stream. */
  reset(): void {
    // Silence before the stream, so that the first output instant is the first input sample.
    this.filled = Math.max(0, this.delaySamples - 1);
    this.input.atLeast(this.filled).fill(0, 0, this.filled);
    this.first = 0;
    this.phase = 0;
  }

  private append(samples: Float32Array): void {
    const input = this.input.atLeast(this.filled + samples.length);
    input.set(samples, this.filled);
    this.filled += samples.length;
  }

  private drain(filter: PolyphaseFilter): Float32Array {
    const input = this.input.atLeast(0);
    const { taps } = filter;
    const exact = filter.phases === this.toStep;
    const output = this.output.atLeast(Math.ceil((this.filled * this.toStep) / this.fromStep) + 1);
    let count = 0;
    while (this.first + taps <= this.filled) {
      output[count++] = exact
        ? weighted(input, this.first, filter.coefficients, this.phase * taps, taps)
        : this.interpolated(filter, input);
      this.phase += this.fromStep;
      const advance = Math.floor(this.phase / this.toStep);
      this.phase -= advance * this.toStep;
      this.first += advance;
    }
    input.copyWithin(0, this.first, this.filled);
    this.filled -= this.first;
    this.first = 0;
    return this.output.view(count);
  }

  private interpolated({ taps, phases, coefficients }: PolyphaseFilter, input: Float32Array): number {
    const position = (this.phase / this.toStep) * phases;
    const row = Math.floor(position);
    const before = weighted(input, this.first, coefficients, row * taps, taps);
    const after = weighted(input, this.first, coefficients, (row + 1) * taps, taps);
    return before + (position - row) * (after - before);
  }
}

function designFilter(fromStep: number, toStep: number): PolyphaseFilter {
  // Relative to the input's Nyquist frequency: what the lower rate can hold.
  const band = Math.min(1, toStep / fromStep);
  // A multiple of four, for `weighted`.
  const taps = 4 * Math.ceil(kaiserTaps(STOPBAND_DB, (1 - PASSBAND_END) * band) / 4);
  const phases = toStep <= MAX_EXACT_PHASES ? toStep : INTERPOLATED_PHASES;
  return designPolyphaseFilter({ phases, taps, cutoff: ((1 + PASSBAND_END) / 2) * band, beta: kaiserBeta(STOPBAND_DB) });
}

/** Uses four sums, because with one sum every addition would wait for the one before. */
function weighted(input: Float32Array, first: number, coefficients: Float32Array, row: number, taps: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = 0; k < taps; k += 4) {
    a += input[first + k] * coefficients[row + k];
    b += input[first + k + 1] * coefficients[row + k + 1];
    c += input[first + k + 2] * coefficients[row + k + 2];
    d += input[first + k + 3] * coefficients[row + k + 3];
  }
  return a + b + (c + d);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
