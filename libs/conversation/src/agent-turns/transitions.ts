import type { InterruptionReason } from '../turns/turn-event';
import type { TurnMarks } from '../turns/turn-marks';
import { hasAudio, heardOf, newAgentReply } from './agent-reply';
import type { EmitAgentEffect } from './agent-turn-effect';
import {
  type AgentAnswering,
  type AgentIdle,
  type AgentListening,
  type AgentRunning,
  type AgentSpeaking,
  type AgentTurnState,
  withActivity,
} from './agent-turn-state';
import { close, notifyTurnMetrics } from './ending';
import { cutShortText, cutText, notifyTextEnd } from './reply-text';
import { afterReply, quietSinceMs, speechBegins } from './speech-end';

/** The transitions from one phase to another. The client is told about each of them. */

/** The user has said this, and an answer is awaited. */
export function expectAnswer(
  state: AgentListening,
  userText: string,
  marks: TurnMarks,
  atMs: number,
  emit: EmitAgentEffect,
): AgentAnswering {
  const { turn, policy, typed } = state;
  if (policy.judgesTurns) emit({ type: 'judge_turn', turn, text: userText });
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_PROCESSING', turn } });
  emit({ type: 'notify', notification: { type: 'transcript', turn, text: userText, isFinal: true } });
  return {
    ...state,
    unjudged: policy.judgesTurns ? { text: userText, isTyped: typed?.turn === turn } : undefined,
    phase: 'AI_PROCESSING',
    reply: newAgentReply(turn, userText, marks, atMs),
    history: state.history.userSaid(turn, userText),
    speechEnd: speechBegins(state.speechEnd),
  };
}

/** The agent speaks. This starts a turn if no answer was awaited, and a new reply if the last one had ended. */
export function beginSpeaking(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentSpeaking | AgentIdle {
  if (state.phase === 'AI_SPEAKING') {
    if (!state.speechEnd.isComplete) return state;
    const next = complete(state, atMs, emit);
    return next.phase === 'IDLE' ? next : beginSpeaking(next, atMs, emit);
  }
  const { turn } = state;
  // Clients know no other way from listening to speaking than through this phase.
  if (state.phase === 'USER_SPEAKING') emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_PROCESSING', turn } });
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_SPEAKING', turn } });
  if (state.phase === 'AI_PROCESSING') return { ...state, phase: 'AI_SPEAKING' };
  return {
    ...state,
    phase: 'AI_SPEAKING',
    reply: newAgentReply(turn, undefined, {}, atMs),
    speechEnd: speechBegins(state.speechEnd),
  };
}

/** All audio of the reply has arrived. Happens once for each reply. */
export function finishAudio<State extends AgentAnswering>(state: State, emit: EmitAgentEffect): State {
  if (state.speechEnd.isComplete) return state;
  if (hasAudio(state.reply)) emit({ type: 'finish_audio', turn: state.turn });
  return { ...state, speechEnd: { ...state.speechEnd, isComplete: true } };
}

/** No more of the current reply will arrive, whether it was complete or not. What has arrived is still heard. */
export function cutShort(state: AgentSpeaking, emit: EmitAgentEffect): AgentSpeaking {
  if (!hasAudio(state.reply) || state.speechEnd.isComplete) return state;
  return finishAudio(cutShortText(state, emit), emit);
}

/** The answer is stopped, and nothing more of its turn is reported. */
export function interrupt(
  state: AgentAnswering,
  reason: InterruptionReason,
  atMs: number,
  emit: EmitAgentEffect,
): AgentListening | AgentIdle {
  const { turn } = state;
  emit({ type: 'cancel_audio', turn });
  emit({ type: 'notify', notification: { type: 'interrupted', turn, reason } });
  const heard = heardOf(state.reply, atMs);
  return leave(cutText(state, heard), heard, atMs, emit);
}

/** The reply was heard to its end, or is no longer awaited. */
export function complete(state: AgentAnswering, atMs: number, emit: EmitAgentEffect): AgentListening | AgentIdle {
  // Audio that a stopped player has not taken is no longer needed.
  emit({ type: 'cancel_audio', turn: state.turn });
  const whole = notifyTextEnd(finishAudio(state, emit), emit);
  return leave(whole, whole.reply.isCutShort ? heardOf(whole.reply, atMs) : undefined, atMs, emit);
}

/** The turn was not meant for the agent: whatever it says to it is neither heard nor shown. */
export function leaveUnanswered(state: AgentAnswering, atMs: number, emit: EmitAgentEffect): AgentListening | AgentIdle {
  emit({ type: 'cancel_audio', turn: state.turn });
  return leave({ ...state, reply: { ...state.reply, marks: {} } }, undefined, atMs, emit);
}

/** Returns the turn to the user although an answer of the agent is still awaited. */
export function giveUp(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return state.phase === 'AI_PROCESSING' ? complete(state, atMs, emit) : state;
}

/** The reply is over for any reason and it is the turn of the user again. An ending that was postponed until then is performed. */
function leave(state: AgentAnswering, heard: string | undefined, atMs: number, emit: EmitAgentEffect): AgentListening | AgentIdle {
  const { reply } = state;
  notifyTurnMetrics(reply, heard, emit);
  const speechEnd = afterReply(state.speechEnd, reply);
  const turn = state.turn + 1;
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'USER_SPEAKING', turn } });
  if (state.isWatched) emit({ type: 'clear_timer', timer: 'playout' });
  const correctable = state.phase === 'AI_SPEAKING' ? { turn: reply.turn, text: reply.text } : state.correctable;
  const listening: AgentListening = { ...state, phase: 'USER_SPEAKING', reply: undefined, turn, speechEnd, correctable, isWatched: false };
  const quiet = withActivity(listening, Math.min(quietSinceMs(speechEnd) ?? Infinity, atMs));
  return quiet.closing === undefined ? quiet : close({ ...quiet, closing: undefined }, quiet.closing, atMs, emit);
}
