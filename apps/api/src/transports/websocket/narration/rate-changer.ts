import { joinPcm, PcmResampler } from '@parley/audio';

/** Before a change of the rate, this much of the speech is kept: more than any filter of the resampler reaches. Seconds. */
const KEPT_S = 0.1;
/** A new filter begins this much before the change, so that it does not begin in silence. A whole number of samples at all rates. Seconds. */
const LEAD_IN_S = 0.02;

/**
 * Resamples the speech of one segment after the other to a rate that may change at any time, without a sample being lost or repeated, and
 * without a click at the change.
 */
export class RateChanger {
  private rateHz: number;
  private resampler: PcmResampler | undefined;
  /** The last samples of the segment that were taken. */
  private kept = new Int16Array(0);
  /** Samples of the segment that were taken. */
  private taken = 0;
  /** Where in the segment the resampler began, and how many samples it has made since. */
  private beganAt = 0;
  private made = 0;
  /** So many of the samples to come were played already at the rate before. */
  private leadIn = 0;

  constructor(private readonly fromHz: number) {
    this.rateHz = fromHz;
  }

  /** The speech at that rate, as far as it can be made; the rest comes with what follows. Always a new array, or `pcm` itself. */
  convert(pcm: Int16Array, rateHz: number): Int16Array {
    const before = rateHz === this.rateHz ? undefined : this.change(rateHz);
    this.keep(pcm);
    const converted = this.resampler ? this.make(pcm) : pcm;
    return before ? joinPcm([before, converted]) : converted;
  }

  /** The rest of the segment. Then another one may begin, at the same rate. */
  finish(): Int16Array {
    const rest = this.resampler?.flush().slice() ?? new Int16Array(0);
    this.kept = new Int16Array(0);
    this.taken = this.beganAt = this.made = this.leadIn = 0;
    return rest;
  }

  /** Returns what was taken and not made at the rate before, at the new one. */
  private change(rateHz: number): Int16Array {
    const from = this.resampler ? Math.min(this.taken, Math.round(this.beganAt + (this.made * this.fromHz) / this.rateHz)) : this.taken;
    this.rateHz = rateHz;
    if (rateHz === this.fromHz) {
      this.resampler = undefined;
      return this.keptFrom(from);
    }
    this.resampler = new PcmResampler({ fromRateHz: this.fromHz, toRateHz: rateHz });
    this.beganAt = Math.max(this.taken - this.kept.length, from - Math.round(this.fromHz * LEAD_IN_S));
    this.made = 0;
    this.leadIn = Math.round(((from - this.beganAt) * rateHz) / this.fromHz);
    return this.make(this.keptFrom(this.beganAt));
  }

  private make(pcm: Int16Array): Int16Array {
    const samples = this.resampler?.process(pcm).slice() ?? pcm;
    this.made += samples.length;
    const skipped = Math.min(this.leadIn, samples.length);
    this.leadIn -= skipped;
    return samples.subarray(skipped);
  }

  private keep(pcm: Int16Array): void {
    this.taken += pcm.length;
    this.kept = joinPcm([this.kept, pcm]).slice(-Math.round(this.fromHz * KEPT_S));
  }

  private keptFrom(position: number): Int16Array {
    return this.kept.slice(this.kept.length - (this.taken - position));
  }
}
