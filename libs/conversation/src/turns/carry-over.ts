import type { InterruptionReason } from './turn-event';
import type { AiProcessing, AiSpeaking } from './turn-state';
import { openSegment, userText, type UserTurn } from './user-turn';
import { voiceAfter, isCandidate, type VoiceRun } from './voice-run';

/** What the user has begun to say when the assistant is interrupted. It becomes part of the next turn. */
export interface CarriedOver {
  userTurn: UserTurn;
  /** The voice that is heard after these words, or that still continues. */
  voice: VoiceRun | undefined;
  /** How much of that voice is already counted in the words. */
  countedMs: number;
}

/** The words of a turn whose transcript is still pending. The stop button drops them. */
export function wordsOfTurn({ userTurn, voice }: AiProcessing, reason: InterruptionReason): CarriedOver | undefined {
  if (userTurn === undefined || reason === 'button') return undefined;
  // The next turn has its own length. Otherwise a turn that was cut for being too long would be cut again at once.
  return { userTurn: { ...userTurn, startedAudioMs: voice?.startMs ?? userTurn.startedAudioMs }, voice, countedMs: 0 };
}

/**
 * What was said over the assistant. When the recogniser has failed, nothing is carried over if the voice is still heard (another
 * recogniser will get it) or if there are no words.
 */
export function wordsOverAssistant(
  { pendingInterruption, voice, policy }: AiProcessing | AiSpeaking,
  atMs: number,
): CarriedOver | undefined {
  if (pendingInterruption === undefined) return undefined;
  const { failure } = pendingInterruption.userTurn;
  if (failure && (isCandidate(voice, policy) || userText(pendingInterruption.userTurn) === '')) return undefined;
  const userTurn: UserTurn = { ...pendingInterruption.userTurn, quietSinceMs: atMs };
  if (openSegment(userTurn)) return { userTurn, voice, countedMs: voice?.speechMs ?? 0 };
  return { userTurn, voice: voiceAfter(voice, userTurn.lastVoicedAudioMs), countedMs: 0 };
}

/** The words of a turn, followed by what was said while its answer was awaited. */
export function joinCarriedOver(own: CarriedOver | undefined, over: CarriedOver | undefined): CarriedOver | undefined {
  if (own === undefined || over === undefined) return over ?? own;
  const { segments, voicedMs, isSure, failure, isShown, repeatedUtterances } = own.userTurn;
  const userTurn: UserTurn = {
    ...over.userTurn,
    segments: [...segments, ...over.userTurn.segments],
    voicedMs: voicedMs + over.userTurn.voicedMs,
    isSure: isSure || over.userTurn.isSure,
    failure: failure ?? over.userTurn.failure,
    isShown,
    repeatedUtterances,
  };
  return { ...over, userTurn };
}
