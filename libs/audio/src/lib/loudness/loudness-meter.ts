import { integratedLoudness, LOUDNESS_STEPS_PER_SECOND } from './gated-loudness';
import { KWeighting } from './k-weighting';

export interface LoudnessMeterOptions {
  readonly sampleRateHz: number;
  /** 1 (default) or 2. */
  readonly channels?: number;
}

const FULL_SCALE = 32768;
/** Room for a minute at first; it doubles when it is full. */
const INITIAL_STEPS = 60 * LOUDNESS_STEPS_PER_SECOND;

/**
 * Measures the loudness of a stream by ITU-R BS.1770-4. Keeps four bytes for every 20 ms, 360 kB for half an hour: enough to know the loudness
 * of the whole, and later of what it becomes a part of (`LoudnessTimeline`).
 */
export class LoudnessMeter {
  readonly #sampleRateHz: number;
  readonly #filters: readonly KWeighting[];
  #energies = new Float32Array(INITIAL_STEPS);
  #sum = 0;
  #samples = 0;
  #step = 0;
  #stepStart = 0;
  #stepEnd = 0;

  /** @throws RangeError when the rate is not a positive integer, or there are other than one or two channels. */
  constructor({ sampleRateHz, channels = 1 }: LoudnessMeterOptions) {
    if (!Number.isInteger(sampleRateHz) || sampleRateHz < LOUDNESS_STEPS_PER_SECOND) {
      throw new RangeError(`${sampleRateHz} Hz is not a sample rate`);
    }
    if (channels !== 1 && channels !== 2) throw new RangeError(`the loudness of ${channels} channels is not measured`);
    this.#sampleRateHz = sampleRateHz;
    this.#filters = Array.from({ length: channels }, () => new KWeighting(sampleRateHz));
    this.#stepEnd = loudnessStepStart(1, sampleRateHz);
  }

  /** Takes the next samples: one array for each channel, all of the same length. */
  process(...channels: readonly Int16Array[]): void {
    const { length } = channels[0];
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + this.#stepEnd - this.#samples);
      this.#filters.forEach((filter, channel) => (this.#sum += filter.sumOfSquares(channels[channel], from, to)));
      this.#samples += to - from;
      from = to;
      if (this.#samples === this.#stepEnd) this.#endStep();
    }
  }

  /**
   * The mean squares of the K-weighted signal, full scale being 1, in steps of 20 ms; a last step that is not whole counts as if silence
   * followed. A copy.
   */
  energies(): Float32Array {
    const count = this.#samples > this.#stepStart ? this.#step + 1 : this.#step;
    const energies = this.#energies.slice(0, count);
    if (count > this.#step) energies[this.#step] = this.#meanOfStep();
    return energies;
  }

  /** The loudness of all so far, in LUFS; minus infinity for silence. */
  integratedLufs(): number {
    return integratedLoudness(this.energies(), this.#step);
  }

  #endStep(): void {
    if (this.#step === this.#energies.length) {
      const grown = new Float32Array(2 * this.#energies.length);
      grown.set(this.#energies);
      this.#energies = grown;
    }
    this.#energies[this.#step++] = this.#meanOfStep();
    this.#sum = 0;
    this.#stepStart = this.#stepEnd;
    this.#stepEnd = loudnessStepStart(this.#step + 1, this.#sampleRateHz);
  }

  #meanOfStep(): number {
    return this.#sum / (this.#stepEnd - this.#stepStart) / (FULL_SCALE * FULL_SCALE);
  }
}

/** The sample at which a step begins. The steps of rates that 50 does not divide differ by one sample. */
export function loudnessStepStart(step: number, sampleRateHz: number): number {
  return Math.round((step * sampleRateHz) / LOUDNESS_STEPS_PER_SECOND);
}
