import { SILENCE_DBFS } from '../pcm';
import { ReusableArray } from '../reusable-array';
import { LARGEST_OVERSHOOT, largestSample, peakFrom, SAMPLES_BEFORE, SAMPLES_BEHIND } from './oversampling';

const FULL_SCALE = 32768;
/** So many samples are looked at together: most cannot hold a new peak, and are not oversampled. */
const RUN = 32;

/** The true peak of a stream of one channel: the highest level between the samples too, by four times oversampling (ITU-R BS.1770-4). */
export class TruePeakMeter {
  readonly #buffer = new ReusableArray((length) => new Float32Array(length), 0);
  /** Silence before the stream. */
  #filled = SAMPLES_BEFORE;
  #peak = 0;

  process(pcm: Int16Array): void {
    const buffer = this.#buffer.atLeast(this.#filled + pcm.length);
    for (let i = 0; i < pcm.length; i++) buffer[this.#filled + i] = pcm[i] / FULL_SCALE;
    this.#filled += pcm.length;
    const end = this.#filled - SAMPLES_BEHIND;
    if (end <= SAMPLES_BEFORE) return;
    this.#peak = peakOf(buffer, end, this.#peak);
    buffer.copyWithin(0, end - SAMPLES_BEFORE, this.#filled);
    this.#filled -= end - SAMPLES_BEFORE;
  }

  /** In dBTP, as if silence followed; `SILENCE_DBFS` for silence. */
  peakDbtp(): number {
    const end = this.#filled + SAMPLES_BEHIND;
    const rest = new Float32Array(end + SAMPLES_BEHIND);
    rest.set(this.#buffer.atLeast(this.#filled).subarray(0, this.#filled));
    const peak = peakOf(rest, end, this.#peak);
    return peak > 0 ? Math.max(SILENCE_DBFS, 20 * Math.log10(peak)) : SILENCE_DBFS;
  }
}

/** The largest of `least` and all instants from the first with enough samples before it up to `end`. */
function peakOf(buffer: Float32Array, end: number, least: number): number {
  let peak = least;
  for (let from = SAMPLES_BEFORE; from < end; from += RUN) {
    const to = Math.min(end, from + RUN);
    if (largestSample(buffer, from - SAMPLES_BEFORE, to + SAMPLES_BEHIND) * LARGEST_OVERSHOOT <= peak) continue;
    for (let i = from; i < to; i++) peak = Math.max(peak, peakFrom(buffer, i));
  }
  return peak;
}
