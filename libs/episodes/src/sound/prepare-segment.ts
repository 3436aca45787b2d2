import { amplified, fadeIn, fadeOut, leadingSilence, pcm16FromFloats, trimTail, TruePeakLimiter } from '@parley/audio';
import { type CharacterTimes, cutTimes, lastCharacterEndMs } from './character-times';
import { CEILING_DBTP, type LoudnessGoal, SILENCE_LUFS, TARGET_LUFS } from './loudness-goal';
import { measure, type Measurement } from './measure';

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
export function prepareSegment(spoken: SpokenSegment, goal: LoudnessGoal = {}): PreparedSegment {
  const { sampleRateHz, alignment } = spoken;
  const end = trimTail(spoken.pcm, sampleRateHz, alignment && lastCharacterEndMs(alignment));
  const start = Math.min(end, leadingSilence(spoken.pcm, sampleRateHz));
  const cut = spoken.pcm.subarray(start, end);
  const pcm = levelled(cut, sampleRateHz, goal);
  const fade = Math.round((FADE_MS * sampleRateHz) / 1000);
  fadeIn(pcm, fade);
  fadeOut(pcm, fade);
  const ms = (samples: number): number => (samples * 1000) / sampleRateHz;
  return {
    pcm,
    measurement: measure(pcm, sampleRateHz),
    ...(alignment && { alignment: cutTimes(alignment, ms(start), ms(pcm.length)) }),
  };
}

/** A copy with the gain that brings it to its target. */
function levelled(pcm: Int16Array, sampleRateHz: number, goal: LoudnessGoal): Int16Array {
  const { targetLufs = TARGET_LUFS, ceilingDbtp = CEILING_DBTP } = goal;
  const before = measure(pcm, sampleRateHz);
  if (before.loudnessLufs <= SILENCE_LUFS) return pcm.slice();
  let gainDb = Math.min(LARGEST_GAIN_DB, targetLufs - before.loudnessLufs);
  if (before.truePeakDbtp + gainDb <= ceilingDbtp) return pcm16FromFloats(amplified(pcm, gainDb));
  for (let attempt = 1; ; attempt++) {
    const out = limited(amplified(pcm, gainDb), sampleRateHz, ceilingDbtp);
    const missing = targetLufs - measure(out, sampleRateHz).loudnessLufs;
    if (missing <= TOLERANCE_LU || gainDb >= LARGEST_GAIN_DB || attempt === ATTEMPTS) return out;
    gainDb = Math.min(LARGEST_GAIN_DB, gainDb + missing);
  }
}

function limited(samples: Float32Array, sampleRateHz: number, ceilingDbtp: number): Int16Array {
  const limiter = new TruePeakLimiter({ sampleRateHz, ceilingDbtp });
  const body = pcm16FromFloats(limiter.process(samples));
  const out = new Int16Array(samples.length);
  out.set(body);
  out.set(pcm16FromFloats(limiter.flush()), body.length);
  return out;
}
