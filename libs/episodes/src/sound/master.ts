import { amplified, pcm16FromFloats, TruePeakLimiter } from '@parley/audio';
import { type Measurement, SoundMeter } from './measure';

/** The last step of an episode: gain, limiter and measurement of what comes out, as a stream. */
export class Master {
  readonly #limiter: TruePeakLimiter;
  readonly #meter: SoundMeter;

  constructor(
    sampleRateHz: number,
    ceilingDbtp: number,
    readonly gainDb: number,
  ) {
    this.#limiter = new TruePeakLimiter({ sampleRateHz, ceilingDbtp });
    this.#meter = new SoundMeter(sampleRateHz);
  }

  /** The samples that are ready. Always a new array. */
  process(pcm: Int16Array): Int16Array {
    return this.#measured(this.#limiter.process(amplified(pcm, this.gainDb)));
  }

  /** The rest. */
  flush(): Int16Array {
    return this.#measured(this.#limiter.flush());
  }

  /** Of all that was given out. */
  measurement(): Measurement {
    return this.#meter.measurement();
  }

  #measured(samples: Float32Array): Int16Array {
    const pcm = pcm16FromFloats(samples);
    this.#meter.process(pcm);
    return pcm;
  }
}
