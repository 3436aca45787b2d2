import { ENDING_NOTICE_MS, limitCheckDelayMs, sessionLeftMs } from '../turns/session-limit';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentRunning, type AgentTurnState, isAnswering } from './agent-turn-state';
import { end } from './ending';

/** Checks how long the conversation has been quiet, and how long it has lasted. */
export function checkLimits(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const leftMs = sessionLeftMs(state, atMs);
  // None of the existing reasons names this limit, but it is true that the server has ended the conversation.
  if (leftMs <= 0) return end(state, 'server_shutdown', atMs, emit);
  const activeAtMs = isAnswering(state) ? atMs : state.activeAtMs;
  const quietLeftMs = activeAtMs + state.policy.inactivityTimeoutMs - atMs;
  if (quietLeftMs <= 0) return end(state, 'inactivity_timeout', atMs, emit);
  const tells = !state.endingNotified && leftMs <= ENDING_NOTICE_MS;
  if (tells) emit({ type: 'notify', notification: { type: 'ending_soon', inMs: Math.round(leftMs) } });
  const told = { ...state, activeAtMs, endingNotified: state.endingNotified || tells };
  emit({ type: 'set_timer', timer: 'inactivity', delayMs: limitCheckDelayMs(told, quietLeftMs, atMs) });
  return told;
}
