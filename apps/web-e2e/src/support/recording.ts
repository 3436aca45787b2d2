import { pcm16ToFloat, Resampler } from '@parley/audio';
import type { Speech } from './listening';

/** All played or captured samples, and the time of the first, on the page's audio clock. */
export interface Recording {
  readonly rateHz: number;
  readonly startMs: number;
  readonly samples: Float32Array;
}

/** A pause within a speech that then continued: `at` is the speech's sample before which it paused. */
export interface Pause {
  readonly at: number;
  readonly durationMs: number;
}

/** How a speech was played: where it starts in the recording, how far it could be followed, and where it paused. */
export interface Playout {
  readonly offset: number;
  readonly followed: number;
  readonly standstills: readonly Pause[];
}

/** Samples that are equal after the same conversion on another machine of the same kind. */
const EQUAL = 1e-4;
/** The number of samples that are compared to find a position, and how loud they must be not to be silence. */
const WINDOW = 512;
const LOUD = 0.02;
/** Step between positions at which the continuation of the speech is searched. */
const STEP = 240;
const LONGEST_STANDSTILL_MS = 3_000;
const LONGEST_DUCK_MS = 4_000;

/** The server's speech as the page plays it: at the rate of its audio device. */
export function asPlayed({ pcm, sampleRateHz }: Speech, rateHz: number): Float32Array {
  const resampler = new Resampler({ fromRateHz: sampleRateHz, toRateHz: rateHz });
  const head = resampler.process(Float32Array.from(pcm, pcm16ToFloat)).slice();
  const tail = resampler.flush();
  const whole = new Float32Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

/**
 * Follows a speech through what was heard, sample by sample: each sample was played once and in order, as it was sent or (ducked, fading)
 * quieter, with silent pauses in between. Ends at the first sample of the speech for which that is not true, which is `followed`.
 */
export function follow(heard: Recording, speech: Float32Array): Playout {
  const { samples, rateHz } = heard;
  const offset = firstPosition(samples, speech);
  const standstills: Pause[] = [];
  let shift = offset;
  let at = 0;
  for (;;) {
    at = sameUntil(samples, speech, at, shift);
    if (at >= speech.length) return { offset, followed: at, standstills };
    const back = resumePosition(heard, speech, at, shift);
    if (!back) return { offset, followed: at, standstills };
    const stoodAt = back.shift === shift ? undefined : zerosAt(samples, at + shift, back.at + back.shift, back.shift - shift);
    const turn = stoodAt === undefined ? back.at : stoodAt - shift;
    if (back.shift !== shift && stoodAt === undefined) return { offset, followed: at, standstills };
    const quieter =
      quieterUntil(samples, speech, at, turn, shift) === turn && quieterUntil(samples, speech, turn, back.at, back.shift) === back.at;
    if (!quieter) return { offset, followed: at, standstills };
    if (back.shift !== shift) standstills.push({ at: turn, durationMs: ((back.shift - shift) * 1000) / rateHz });
    at = back.at;
    shift = back.shift;
  }
}

/** The recording's sample at which a speech begins, searched from a sample on. Throws when it is not found. */
export function positionOf(heard: Recording, speech: Float32Array, from: number): number {
  return from + firstPosition(heard.samples.subarray(from), speech);
}

/** The gain with which each few milliseconds of a speech were played; undefined where the speech is silent. */
export function gains(
  samples: Float32Array,
  speech: Float32Array,
  shift: number,
  windowSamples: number,
  fromSample: number,
): (number | undefined)[] {
  const found: (number | undefined)[] = [];
  for (let at = fromSample; at + windowSamples <= speech.length && at + shift + windowSamples <= samples.length; at += windowSamples) {
    const sent = rms(speech, at, windowSamples);
    found.push(sent < LOUD ? undefined : rms(samples, at + shift, windowSamples) / sent);
  }
  return found;
}

export function rms(samples: Float32Array, from: number, count: number): number {
  let energy = 0;
  for (let i = from; i < from + count; i++) energy += samples[i] ** 2;
  return Math.sqrt(energy / count);
}

/** The sample at which the speech begins. Throws when it is not found. */
function firstPosition(samples: Float32Array, speech: Float32Array): number {
  const loud = loudFrom(speech, 0, speech.length);
  for (let shift = -loud; loud < speech.length && shift + loud + WINDOW <= samples.length; shift++) {
    if (isSame(samples, speech, loud, shift)) return shift;
  }
  throw new Error('the speech was not heard');
}

function loudFrom(speech: Float32Array, from: number, until: number): number {
  for (let at = from; at + WINDOW <= until; at += STEP) if (rms(speech, at, WINDOW) > LOUD) return at;
  return until;
}

const equals = (samples: Float32Array, speech: Float32Array, at: number, shift: number): boolean =>
  Math.abs((samples[at + shift] ?? Number.NaN) - speech[at]) < EQUAL;

function sameUntil(samples: Float32Array, speech: Float32Array, from: number, shift: number): number {
  let at = from;
  while (at < speech.length && equals(samples, speech, at, shift)) at++;
  return at;
}

function isSame(samples: Float32Array, speech: Float32Array, at: number, shift: number): boolean {
  for (let i = at; i < at + WINDOW; i++) if (!equals(samples, speech, i, shift)) return false;
  return true;
}

/** The first position from `from` on at which the speech is played again as it was sent, perhaps delayed by a pause. */
function resumePosition(heard: Recording, speech: Float32Array, from: number, shift: number): { at: number; shift: number } | undefined {
  const longest = (LONGEST_STANDSTILL_MS * heard.rateHz) / 1000;
  const until = Math.min(speech.length, from + (LONGEST_DUCK_MS * heard.rateHz) / 1000);
  for (let at = from; at + WINDOW <= until; at += STEP) {
    at = loudFrom(speech, at, until);
    if (at + WINDOW > until) return undefined;
    for (let later = 0; later <= longest && at + shift + later + WINDOW <= heard.samples.length; later++) {
      if (isSame(heard.samples, speech, at, shift + later)) return { at, shift: shift + later };
    }
  }
  return undefined;
}

/** Where `count` samples of exact silence begin between two samples of the recording. */
function zerosAt(samples: Float32Array, from: number, until: number, count: number): number | undefined {
  let zeros = 0;
  for (let i = from; i < until; i++) {
    zeros = samples[i] === 0 ? zeros + 1 : 0;
    if (zeros === count) return i + 1 - count;
  }
  return undefined;
}

/** The end of the stretch in which the speech was played at its own volume or a lower one. */
function quieterUntil(samples: Float32Array, speech: Float32Array, from: number, until: number, shift: number): number {
  for (let at = from; at < until; at++) {
    const [played, sent] = [samples[at + shift], speech[at]];
    const isQuieter = Math.abs(played) <= Math.abs(sent) + EQUAL && played * sent >= -EQUAL;
    if (!isQuieter) return at;
  }
  return until;
}
