import { LoudnessMeter, TruePeakMeter } from '@parley/audio';
import { SILENCE_LUFS } from './loudness-goal';

/** What is known of a recording without reading it again. */
export interface Measurement {
  readonly sampleRateHz: number;
  readonly samples: number;
  /** Integrated loudness; -70 for silence. */
  readonly loudnessLufs: number;
  /** -100 for silence. */
  readonly truePeakDbtp: number;
  /** The energy of each 20 ms (`LoudnessMeter.energies`), from which the loudness of what it becomes a part of is computed. */
  readonly energies: Float32Array;
}

/** Measures a stream of mono PCM. */
export class SoundMeter {
  readonly #loudness: LoudnessMeter;
  readonly #peak = new TruePeakMeter();
  #samples = 0;

  constructor(readonly sampleRateHz: number) {
    this.#loudness = new LoudnessMeter({ sampleRateHz });
  }

  process(pcm: Int16Array): void {
    this.#loudness.process(pcm);
    this.#peak.process(pcm);
    this.#samples += pcm.length;
  }

  measurement(): Measurement {
    return {
      sampleRateHz: this.sampleRateHz,
      samples: this.#samples,
      loudnessLufs: Math.max(SILENCE_LUFS, this.#loudness.integratedLufs()),
      truePeakDbtp: this.#peak.peakDbtp(),
      energies: this.#loudness.energies(),
    };
  }
}

export function measure(pcm: Int16Array, sampleRateHz: number): Measurement {
  const meter = new SoundMeter(sampleRateHz);
  meter.process(pcm);
  return meter.measurement();
}
