import type { EmitAgentEffect } from './agent-turn-effect';
import {
  type AgentAnswering,
  type AgentProcessing,
  type AgentRunning,
  type AgentSpeaking,
  type AgentTurnState,
  isCutOff,
} from './agent-turn-state';
import { hasAudio, isStuck } from './agent-reply';
import { isSettled, MORE_AFTER_TOOL_MS, speechLeft } from './speech-end';
import { complete, finishAudio } from './transitions';

const SHORTEST_WAIT_MS = 20;

/**
 * Checks by time whether the agent’s phase is over: an answer is awaited only for a limited time, and no event says when speech has ended.
 * If the phase is not over, sets the timer `playout` for the next check. To be called after every event that may end the phase.
 */
export function checkPlayout(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  switch (state.phase) {
    case 'USER_SPEAKING':
      return state;
    case 'AI_PROCESSING':
      return checkOverdueAnswer(state, atMs, emit);
    case 'AI_SPEAKING':
      return checkSpeech(state, atMs, emit);
  }
}

/**
 * Like `checkPlayout`, for audio that has just arrived and may be sent at once. A player that has stood still then starts to play again.
 */
export function checkNewAudio(state: AgentSpeaking, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return isStuck(state.reply, atMs) ? scheduleCheck(state, 0, emit) : checkSpeech(state, atMs, emit);
}

function checkOverdueAnswer(state: AgentProcessing, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  if (isCutOff(state)) return cancelCheck(state, emit);
  const leftMs = state.reply.lastEventAtMs + (state.isFarewell ? MORE_AFTER_TOOL_MS : state.policy.stallTimeoutMs) - atMs;
  if (leftMs > 0) return scheduleCheck(state, leftMs, emit);
  if (!state.isFarewell) {
    emit({ type: 'notify', notification: { type: 'agent_failed', turn: state.turn, reason: 'timeout', fatal: false } });
  }
  return complete(state, atMs, emit);
}

function checkSpeech(state: AgentSpeaking, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const { reply, speechEnd } = state;
  // An answer that exists only as text is requested again once the connection is restored.
  const isGivenAgain = !hasAudio(reply) && reply.userText !== undefined && !speechEnd.isComplete;
  if (isCutOff(state) && isGivenAgain) return cancelCheck(state, emit);
  const settled = isSettled(speechEnd, reply, atMs) ? finishAudio(state, emit) : state;
  const { leftMs, drainedAtMs } = speechLeft(settled.speechEnd, reply, atMs);
  const looked = { ...settled, speechEnd: { ...settled.speechEnd, drainedAtMs } };
  return leftMs > 0 ? scheduleCheck(looked, leftMs, emit) : complete(looked, atMs, emit);
}

function scheduleCheck(state: AgentAnswering, afterMs: number, emit: EmitAgentEffect): AgentAnswering {
  emit({ type: 'set_timer', timer: 'playout', delayMs: Math.max(SHORTEST_WAIT_MS, afterMs) });
  return { ...state, isWatched: true };
}

function cancelCheck(state: AgentAnswering, emit: EmitAgentEffect): AgentAnswering {
  if (state.isWatched) emit({ type: 'clear_timer', timer: 'playout' });
  return { ...state, isWatched: false };
}
