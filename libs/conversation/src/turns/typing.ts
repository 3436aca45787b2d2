import { askForVerdict } from './judging';
import { endUserTurn } from './listening';
import { transcribePossibleSpeech } from './talking-over';
import { cancelDraft, interrupt } from './transitions';
import type { Emit } from './turn-effect';
import type { TurnEventOf } from './turn-event';
import { type AiProcessing, running, type RunningState, type UserSpeaking } from './turn-state';
import { openSegment, userText, withSegment, withTyped } from './user-turn';
import { withoutHeard } from './voice-run';

/**
 * Handles a typed message. It stops the assistant and ends the user’s turn. What the user has been saying belongs to the same turn, even
 * when its final transcript is still pending. A sound that may not be speech belongs to it if its transcript has words.
 */
export function takeTyped(state: RunningState, { text, atMs }: TurnEventOf<'text_received'>, emit: Emit): RunningState {
  const stopped =
    state.phase === 'USER_SPEAKING' ? state : interrupt({ ...transcribePossibleSpeech(state, emit), voice: undefined }, 'text', atMs, emit);
  // A voice over the assistant may have been its echo.
  const listening: UserSpeaking = state.phase === 'AI_PROCESSING' ? { ...stopped, voice: state.voice } : stopped;
  const { userTurn, policy, turn, voice } = listening;
  if (userTurn === undefined) return answerTyped(listening, text, atMs, emit);
  const open = openSegment(userTurn);
  // The message may have been typed in the middle of a word. If the voice continues, the recogniser hears the word as a whole.
  const cut = open ? withSegment(userTurn, open.utterance, { isEarly: true }) : userTurn;
  const ended = endUserTurn(cancelDraft(listening, emit), withTyped(cut, text), atMs, emit);
  if (ended.phase !== 'AI_PROCESSING' || ended.userTurn === undefined) return ended;
  // While the spoken words are pending, the client is shown that the typed ones have arrived.
  emit({ type: 'notify', notification: { type: 'transcript', turn, text: userText(ended.userTurn), isFinal: false } });
  return { ...ended, voice: withoutHeard(voice, policy) };
}

/** A typed message counts as if it had been spoken and transcribed at once. A voice that is being heard may continue and interrupt. */
function answerTyped(state: RunningState, text: string, atMs: number, emit: Emit): RunningState {
  const { turn, policy } = state;
  const processing: AiProcessing = {
    ...running(state),
    phase: 'AI_PROCESSING',
    userTurn: undefined,
    reply: undefined,
    pendingInterruption: undefined,
    turnEndAtMs: atMs,
    unjudgedText: undefined,
    activeAtMs: atMs,
  };
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_PROCESSING', turn } });
  if (policy.judgesTurns) emit({ type: 'set_timer', timer: 'stalled', delayMs: policy.stallTimeoutMs });
  return askForVerdict(processing, text, atMs, emit);
}
