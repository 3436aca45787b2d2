import { dbToPower } from '../pcm';

/** Trimming looks at the sound in frames of 10 ms. */
const FRAMES_PER_SECOND = 100;
const FULL_SCALE = 32768;
/** What is further below the loudest frame is silence, and in any case what is below the floor. */
const SILENCE_BELOW_LOUDEST_DB = 45;
const SILENCE_FLOOR_DBFS = -60;
/** Kept before the first and behind the last sound, where a soft consonant or a breath begins and ends. */
const LEAD_MS = 30;
const DECAY_MS = 60;
/** A sound may go on for so long behind the last aligned character. */
const RELEASE_MS = 150;
/** As a ratio of mean squares: 6 dB. */
const CLEARLY_LOUDER = 4;

/** The sample before which there is only silence, less a little; 0 when all of it is silent. */
export function leadingSilence(pcm: Int16Array, sampleRateHz: number): number {
  const frames = new Frames(pcm, sampleRateHz);
  const first = frames.energies.findIndex((energy) => energy > frames.silence);
  return Math.max(0, frames.start(Math.max(0, first)) - samples(LEAD_MS, sampleRateHz));
}

/**
 * The sample at which a recording of one line should end: with what remains of the sound behind the last aligned character, at most 150 ms, and
 * without silence. Vendors now and then say the beginning of the next line, or breathe in for it: the cut is made where it is quietest.
 * `lastAlignedEndMs` is left out where no alignment is known.
 */
export function trimTail(pcm: Int16Array, sampleRateHz: number, lastAlignedEndMs?: number): number {
  const frames = new Frames(pcm, sampleRateHz);
  const end = lastAlignedEndMs === undefined ? frames.energies.length : frames.cutFrom(lastAlignedEndMs, RELEASE_MS);
  const last = frames.energies.subarray(0, end).findLastIndex((energy) => energy > frames.silence);
  if (last < 0) return frames.start(end);
  return Math.min(frames.start(end), frames.start(last + 1) + samples(DECAY_MS, sampleRateHz), pcm.length);
}

class Frames {
  readonly energies: Float64Array;
  /** The mean square up to which a frame is silent. */
  readonly silence: number;
  readonly #pcm: Int16Array;
  readonly #sampleRateHz: number;

  constructor(pcm: Int16Array, sampleRateHz: number) {
    this.#pcm = pcm;
    this.#sampleRateHz = sampleRateHz;
    this.energies = new Float64Array(Math.ceil((pcm.length * FRAMES_PER_SECOND) / sampleRateHz));
    for (let frame = 0; frame < this.energies.length; frame++) this.energies[frame] = this.#meanSquare(frame);
    const loudest = this.energies.reduce((most, energy) => Math.max(most, energy), 0);
    this.silence = Math.max(dbToPower(SILENCE_FLOOR_DBFS), loudest * dbToPower(-SILENCE_BELOW_LOUDEST_DB));
  }

  start(frame: number): number {
    return Math.min(this.#pcm.length, Math.round((frame * this.#sampleRateHz) / FRAMES_PER_SECOND));
  }

  /**
   * Where to cut within `durationMs` from a time on: the frame behind the quietest (of silent ones, behind the first) when something clearly
   * louder follows it, else the last possible.
   */
  cutFrom(startMs: number, durationMs: number): number {
    const first = Math.ceil((startMs * FRAMES_PER_SECOND) / 1000);
    const end = Math.min(this.energies.length, first + Math.round((durationMs * FRAMES_PER_SECOND) / 1000));
    if (first >= end) return this.energies.length;
    let quietest = first;
    for (let frame = first + 1; frame < end; frame++) {
      if (this.energies[frame] < this.energies[quietest] && this.energies[quietest] > this.silence) quietest = frame;
    }
    const rises = this.energies.subarray(quietest + 1).some((energy) => energy > CLEARLY_LOUDER * this.energies[quietest]);
    return rises ? quietest + 1 : end;
  }

  #meanSquare(frame: number): number {
    const from = this.start(frame);
    const to = this.start(frame + 1);
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.#pcm[i] * this.#pcm[i];
    return to > from ? sum / (to - from) / (FULL_SCALE * FULL_SCALE) : 0;
  }
}

function samples(durationMs: number, sampleRateHz: number): number {
  return Math.round((durationMs * sampleRateHz) / 1000);
}
