import { wordsOf } from '../playout/heard-text';
import type { RunningState } from './turn-state';
import { lastSpoken, type SpokenSegment, type UserTurn } from './user-turn';
import type { VoiceRun } from './voice-run';

/**
 * Some recognisers withhold the last words until the final transcript, so that waiting for a complete partial transcript is useless. The
 * final transcript is then requested as soon as the voice seems to have ended. If the voice continues after all, the utterance is not
 * split, but is heard again from its start.
 */

/** After this much silence the voice has usually ended. A shorter silence may lie within a word. */
const OVER_MS = 120;
/** This many missing words in recent utterances show that a recogniser lags: one each in several utterances, or several in one. */
const SURE_MISSES = 2;
/** How many final transcripts per turn may be requested in vain. The audio is sent again each time. */
const MAX_REPEATED_UTTERANCES = 3;
/** The audio just before a continuing voice was noticed must be kept as well. */
const NOTICING_MS = 500;

/** The updated number of missing words, after one more final transcript of an utterance that had partial transcripts. */
export function lagAfter(misses: number, segment: SpokenSegment, final: string): number {
  const [before, all] = [wordsOf(segment.text).length, wordsOf(final).length];
  if (before === 0 || all === 0) return misses;
  return all > before ? Math.min(SURE_MISSES, misses + all - before) : 0;
}

export const partialsLag = ({ policy, lag }: RunningState): boolean => policy.rejoinAudioMs > 0 && lag >= SURE_MISSES;

/**
 * The silence after which the final transcript of a lagging recogniser is requested. It is short when the utterance can still be joined
 * again.
 */
export function lateFinalSilenceMs({ policy }: RunningState, userTurn: UserTurn, usualMs: number, audioMs: number): number {
  const fromAudioMs = lastSpoken(userTurn)?.fromAudioMs ?? audioMs;
  const canJoin = userTurn.repeatedUtterances < MAX_REPEATED_UTTERANCES && audioMs + NOTICING_MS - fromAudioMs <= policy.rejoinAudioMs;
  return canJoin ? Math.min(OVER_MS, usualMs) : usualMs;
}

/** The utterance that was ended too early for a voice that continues, and that must be heard again as a whole. */
export function cutUtterance({ policy }: RunningState, userTurn: UserTurn, voice: VoiceRun): SpokenSegment | undefined {
  const last = lastSpoken(userTurn);
  const usualMs = (policy.draftAfterSilenceMs ?? OVER_MS) + policy.partialGraceMs;
  const goesOn = voice.startMs - userTurn.lastVoicedAudioMs < usualMs;
  return last?.isEarly && goesOn && voice.endMs - last.fromAudioMs <= policy.rejoinAudioMs ? last : undefined;
}
