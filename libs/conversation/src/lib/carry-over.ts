import type { InterruptionReason } from './turn-event';
import type { AiProcessing, AiSpeaking } from './turn-state';
import { isNoise, openSegment, type UserTurn } from './user-turn';
import { heardBehind, type VoiceRun } from './voice-run';

/** What the user has begun to say when the assistant is stopped: it becomes part of the next turn. */
export interface CarriedOver {
  userTurn: UserTurn;
  /** What is heard beyond it, or still. */
  voice: VoiceRun | undefined;
  /** What of the voice is part of it. */
  countedMs: number;
}

/** The words of a turn whose transcript is still on its way. The button takes them back. */
export function ownWords({ userTurn, voice }: AiProcessing, reason: InterruptionReason): CarriedOver | undefined {
  if (userTurn === undefined || reason === 'button') return undefined;
  // The next turn has its own length: one that was cut for being too long would be cut again at once.
  return { userTurn: { ...userTurn, startedAudioMs: voice?.startMs ?? userTurn.startedAudioMs }, voice, countedMs: 0 };
}

/** What was said over the assistant. A recogniser that failed has nothing to carry: the voice is given to another. */
export function saidOver(
  { challenge, voice, policy }: AiSpeaking,
  reason: InterruptionReason | undefined,
  atMs: number,
): CarriedOver | undefined {
  if (challenge === undefined || challenge.userTurn.failure) return undefined;
  // A typed message takes speech with it, and no noise.
  if (reason === 'text' && isNoise(challenge.userTurn, policy)) return undefined;
  const userTurn: UserTurn = { ...challenge.userTurn, quietSinceMs: atMs };
  if (openSegment(userTurn)) return { userTurn, voice, countedMs: voice?.speechMs ?? 0 };
  return { userTurn, voice: heardBehind(voice, userTurn.lastVoicedAudioMs), countedMs: 0 };
}
