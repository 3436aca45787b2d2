import type { AgentTurnEventOf } from './agent-turn-event';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentRunning, type AgentTurnState, isAnswering, isRunning } from './agent-turn-state';
import { type Closing, close, tellFailure } from './ending';
import { checkPlayout } from './playout-check';
import { sayLine } from './spoken-lines';
import { finishAudio, giveUp } from './transitions';

/** How a conversation comes to its end by the agent: what it has said is heard before. */

/** The agent has ended the conversation. */
export function hangUp(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return closeAfterSpeech(state, 'hang_up', atMs, emit);
}

/** The agent has asked for the end, behind its last words; it may say more before. */
export function prepareHangUp(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const next = checkPlayout({ ...state, isFarewell: true }, atMs, emit);
  if (!isRunning(next)) return next;
  return isAnswering(next) ? { ...next, closing: 'hang_up' } : close(next, 'hang_up', atMs, emit);
}

/** The agent is gone for good: said aloud, where the words are at hand, and then told. */
export function sayFailure(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return closeAfterSpeech(state, 'notice', atMs, emit);
}

/** The sentence which says that the agent cannot be reached was looked for. */
export function takeNotice(state: AgentRunning, event: AgentTurnEventOf<'line_ready'>, emit: EmitAgentEffect): AgentTurnState {
  const { failure } = state;
  if (failure === undefined) return state;
  let next: AgentTurnState = state;
  if (event.speech) {
    // Whoever reads need not wait for what is said.
    if (!state.isLossTold) tellFailure(state, failure, false, emit);
    next = sayLine(state, event.text, event.speech, event.atMs, emit);
  }
  return isRunning(next) ? closeAfterSpeech(next, 'failure', event.atMs, emit) : next;
}

/** Nothing more comes of what the agent says; what has come is heard first. */
function closeAfterSpeech(state: AgentRunning, closing: Closing, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const next = giveUp(state, atMs, emit);
  if (!isRunning(next)) return next;
  if (!isAnswering(next)) return close(next, closing, atMs, emit);
  return checkPlayout(finishAudio({ ...next, closing }, emit), atMs, emit);
}
