import { wordsOf } from '../playout/heard-text';
import type { RunningState } from './turn-state';
import { lastSpoken, type SpokenSegment, type UserTurn } from './user-turn';
import type { VoiceRun } from './voice-run';

/**
 * Some recognisers keep the last words back until the final transcript. Waiting for a partial with all words is in vain there, so the final is
 * asked for as soon as the voice seems to be over. Where it goes on after all, nothing is split: the utterance is heard again from its start.
 */

/** Behind so much silence the voice is over, mostly: less is within a word. */
const OVER_MS = 120;
/** So many utterances in a row must have lacked a word before their final; one that lacked several counts as many. */
const SURE_MISSES = 2;
/** How often in a turn a final may be asked for in vain. Its audio is sent again each time. */
const MAX_IN_VAIN = 3;
/** The audio from before the voice that goes on has been noticed must be kept, too. */
const NOTICING_MS = 500;

/** The lag after one more final of an utterance that had partials: how many words they have lacked of late. */
export function lagAfter(misses: number, segment: SpokenSegment, final: string): number {
  const [before, all] = [wordsOf(segment.text).length, wordsOf(final).length];
  if (before === 0 || all === 0) return misses;
  return all > before ? Math.min(SURE_MISSES, misses + all - before) : 0;
}

export const partialsLag = ({ policy, lag }: RunningState): boolean => policy.rejoinAudioMs > 0 && lag >= SURE_MISSES;

/** The silence behind which the final of a lagging recogniser is asked for, early where the utterance can be joined again. */
export function lateFinalSilenceMs({ policy }: RunningState, userTurn: UserTurn, usualMs: number, audioMs: number): number {
  const fromAudioMs = lastSpoken(userTurn)?.fromAudioMs ?? audioMs;
  const canJoin = userTurn.inVain < MAX_IN_VAIN && audioMs + NOTICING_MS - fromAudioMs <= policy.rejoinAudioMs;
  return canJoin ? Math.min(OVER_MS, usualMs) : usualMs;
}

/** The utterance that was ended too early for a voice that goes on: it is to be heard again, as a whole. */
export function cutUtterance({ policy }: RunningState, userTurn: UserTurn, voice: VoiceRun): SpokenSegment | undefined {
  const last = lastSpoken(userTurn);
  const usualMs = (policy.draftAfterSilenceMs ?? OVER_MS) + policy.partialGraceMs;
  const goesOn = voice.startMs - userTurn.lastVoicedAudioMs < usualMs;
  return last?.isEarly && goesOn && voice.endMs - last.fromAudioMs <= policy.rejoinAudioMs ? last : undefined;
}
