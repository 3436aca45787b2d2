import { pcm16ToFloat, Resampler } from '@parley/audio';
import type { Speech } from './listening';

/** Every sample of one ear, and when the first one was heard, on the page's audio clock. */
export interface Recording {
  readonly rateHz: number;
  readonly startMs: number;
  readonly samples: Float32Array;
}

/** A stop in the middle of a speech that then went on: `at` is the sample of the speech before which it stood still. */
export interface Pause {
  readonly at: number;
  readonly durationMs: number;
}

/** How a speech was heard: from where in the recording, how far the two were followed, and where it stood still. */
export interface Playout {
  readonly offset: number;
  readonly followed: number;
  readonly standstills: readonly Pause[];
}

/** Samples that are equal after the same conversion on another machine of the same kind. */
const EQUAL = 1e-4;
/** What is compared to find a place, and how loud it must be to be no silence. */
const WINDOW = 512;
const LOUD = 0.02;
/** Between two places at which a way back into the speech is looked for. */
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
 * Follows a speech through what was heard, sample by sample: each one was played once and in its place, as it was sent or (ducked, fading)
 * quieter, with standstills of nothing in between. Ends where that is not so: `followed` is the first sample of the speech for which it is not.
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

/** At which sample of a recording a speech begins to be heard, looked for from a sample on. Throws when it is not. */
export function positionOf(heard: Recording, speech: Float32Array, from: number): number {
  return from + firstPosition(heard.samples.subarray(from), speech);
}

/** How much louder or quieter each few milliseconds of a speech were heard; undefined where there is nothing to hear in it. */
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

/** Where the speech begins to be heard. Throws when it is not. */
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

/** The first place at or behind `from` at which the speech is heard again as it was sent, perhaps later by a standstill. */
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

/** Where nothing at all was heard for so long, between two samples of the recording. */
function zerosAt(samples: Float32Array, from: number, until: number, count: number): number | undefined {
  let zeros = 0;
  for (let i = from; i < until; i++) {
    zeros = samples[i] === 0 ? zeros + 1 : 0;
    if (zeros === count) return i + 1 - count;
  }
  return undefined;
}

/** Until where what was heard is the speech, at its own volume or a lower one. */
function quieterUntil(samples: Float32Array, speech: Float32Array, from: number, until: number, shift: number): number {
  for (let at = from; at < until; at++) {
    const [played, sent] = [samples[at + shift], speech[at]];
    const isQuieter = Math.abs(played) <= Math.abs(sent) + EQUAL && played * sent >= -EQUAL;
    if (!isQuieter) return at;
  }
  return until;
}
