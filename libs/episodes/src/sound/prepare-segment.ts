import { amplified, fadeIn, fadeOut, leadingSilence, pcm16FromFloats, trimTail } from '@parley/audio';
import { type CharacterTimes, cutTimes, lastCharacterEndMs } from './character-times';
import { CEILING_DBTP, type LoudnessGoal, SILENCE_LUFS, TARGET_LUFS } from './loudness-goal';
import { Master } from './master';
import { measure, type Measurement } from './measure';
import { slices } from './slices';

/** One segment as the vendor spoke it: mono. */
export interface SpokenSegment {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  /** Without it, only silence is trimmed. */
  readonly alignment?: CharacterTimes;
}

export interface PreparedSegment {
  readonly pcm: Int16Array;
  readonly measurement: Measurement;
  /** The alignment of `pcm`, where one was given. */
  readonly alignment?: CharacterTimes;
}

const FADE_MS = 8;
/** A whisper is made as loud as speech, but noise is not. */
const LARGEST_GAIN_DB = 20;
/** What the limiter takes away is given back, as far as this is missed, in no more than so many attempts. */
const TOLERANCE_LU = 0.2;
const ATTEMPTS = 4;

/**
 * Makes a segment ready to be put together with others: without silence at its ends and without what the vendor said behind its last
 * character, at the loudness of an episode, with its true peak below the ceiling, and beginning and ending in silence.
 */
export async function prepareSegment(spoken: SpokenSegment, goal: LoudnessGoal = {}): Promise<PreparedSegment> {
  const { sampleRateHz, alignment } = spoken;
  const end = trimTail(spoken.pcm, sampleRateHz, alignment && lastCharacterEndMs(alignment));
  const start = Math.min(end, leadingSilence(spoken.pcm, sampleRateHz));
  const cut = spoken.pcm.subarray(start, end);
  const pcm = await levelled(cut, sampleRateHz, goal);
  const fade = Math.round((FADE_MS * sampleRateHz) / 1000);
  fadeIn(pcm, fade);
  fadeOut(pcm, fade);
  const ms = (samples: number): number => (samples * 1000) / sampleRateHz;
  return {
    pcm,
    measurement: await measure(pcm, sampleRateHz),
    ...(alignment && { alignment: cutTimes(alignment, ms(start), ms(pcm.length)) }),
  };
}

/** A copy with the gain that brings it to its target. */
async function levelled(pcm: Int16Array, sampleRateHz: number, goal: LoudnessGoal): Promise<Int16Array> {
  const { targetLufs = TARGET_LUFS, ceilingDbtp = CEILING_DBTP } = goal;
  const before = await measure(pcm, sampleRateHz);
  if (before.loudnessLufs <= SILENCE_LUFS) return pcm.slice();
  let gainDb = Math.min(LARGEST_GAIN_DB, targetLufs - before.loudnessLufs);
  if (before.truePeakDbtp + gainDb <= ceilingDbtp) return pcm16FromFloats(amplified(pcm, gainDb));
  for (let attempt = 1; ; attempt++) {
    const { pcm: out, loudnessLufs } = await limited(pcm, sampleRateHz, gainDb, ceilingDbtp);
    const missing = targetLufs - loudnessLufs;
    if (missing <= TOLERANCE_LU || gainDb >= LARGEST_GAIN_DB || attempt === ATTEMPTS) return out;
    gainDb = Math.min(LARGEST_GAIN_DB, gainDb + missing);
  }
}

interface Limited {
  readonly pcm: Int16Array;
  readonly loudnessLufs: number;
}

async function limited(pcm: Int16Array, sampleRateHz: number, gainDb: number, ceilingDbtp: number): Promise<Limited> {
  const master = new Master({ sampleRateHz, ceilingDbtp, gainDb });
  const out = new Int16Array(pcm.length);
  let at = 0;
  const append = (samples: Int16Array): void => {
    out.set(samples, at);
    at += samples.length;
  };
  for await (const slice of slices(pcm, sampleRateHz)) append(master.process(slice));
  append(master.flush());
  return { pcm: out, loudnessLufs: master.measurement().loudnessLufs };
}
