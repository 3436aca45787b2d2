import { integratedLoudness, LOUDNESS_STEPS_PER_SECOND } from './gated-loudness';

/** A recording that was measured before (`LoudnessMeter.energies`), as a part of something longer. */
export interface LoudnessPart {
  readonly energies: Float32Array;
  /** Where it begins in the whole. */
  readonly startMs: number;
  /** The gain that it is played with. */
  readonly gainDb: number;
}

/**
 * The loudness of recordings put one behind the other, or over each other, from what was measured of each: none of the audio is read again.
 * A part that does not begin at a step's beginning has its energies shared between two; that changes the result by less than 0.1 LU.
 */
export class LoudnessTimeline {
  readonly #energies: Float32Array;
  readonly #wholeSteps: number;

  /** `durationMs` of the whole; what lies beyond is not counted. */
  constructor(durationMs: number) {
    const steps = (durationMs * LOUDNESS_STEPS_PER_SECOND) / 1000;
    this.#energies = new Float32Array(Math.ceil(steps));
    this.#wholeSteps = Math.floor(steps);
  }

  add({ energies, startMs, gainDb }: LoudnessPart): void {
    const start = (startMs * LOUDNESS_STEPS_PER_SECOND) / 1000;
    const first = Math.floor(start);
    const later = start - first;
    const power = 10 ** (gainDb / 10);
    for (let step = 0; step < energies.length; step++) {
      const energy = power * energies[step];
      this.#addTo(first + step, energy * (1 - later));
      this.#addTo(first + step + 1, energy * later);
    }
  }

  /** In LUFS; minus infinity for silence. */
  integratedLufs(): number {
    return integratedLoudness(this.#energies, this.#wholeSteps);
  }

  #addTo(step: number, energy: number): void {
    if (step >= 0 && step < this.#energies.length) this.#energies[step] += energy;
  }
}
