import { amplified, LIMITER_MARGIN_DB, pcm16FromFloats, TruePeakLimiter } from '@parley/audio';
import { type Measurement, SoundMeter } from './measure';

export interface MasterOptions {
  readonly sampleRateHz: number;
  readonly ceilingDbtp: number;
  readonly gainDb: number;
  /** The highest true peak of what will come, where it is known: a limiter that has nothing to do is left out. */
  readonly peakDbtp?: number;
  /** Default true. */
  readonly isMeasured?: boolean;
}

/** Gain, limiter and measurement of what comes out, as a stream. */
export class Master {
  readonly gainDb: number;
  readonly #limiter: TruePeakLimiter | undefined;
  readonly #meter: SoundMeter | undefined;

  constructor({ sampleRateHz, ceilingDbtp, gainDb, peakDbtp = Infinity, isMeasured = true }: MasterOptions) {
    this.gainDb = gainDb;
    if (peakDbtp + gainDb > ceilingDbtp - LIMITER_MARGIN_DB) this.#limiter = new TruePeakLimiter({ sampleRateHz, ceilingDbtp });
    if (isMeasured) this.#meter = new SoundMeter(sampleRateHz);
  }

  /** The samples that are ready. What was given where nothing is to be changed, else a new array. */
  process(pcm: Int16Array): Int16Array {
    return this.#measured(this.#levelled(pcm));
  }

  /** The rest. */
  flush(): Int16Array {
    return this.#measured(this.#limiter ? pcm16FromFloats(this.#limiter.flush()) : new Int16Array(0));
  }

  /**
   * Of all that was given out.
   *
   * @throws Error when it was not to be measured.
   */
  measurement(): Measurement {
    if (!this.#meter) throw new Error('the sound was not measured');
    return this.#meter.measurement();
  }

  #levelled(pcm: Int16Array): Int16Array {
    if (this.#limiter) return pcm16FromFloats(this.#limiter.process(amplified(pcm, this.gainDb)));
    return this.gainDb === 0 ? pcm : pcm16FromFloats(amplified(pcm, this.gainDb));
  }

  #measured(pcm: Int16Array): Int16Array {
    this.#meter?.process(pcm);
    return pcm;
  }
}
