import type { AgentTurnEventOf } from './agent-turn-event';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentRunning, type AgentTurnState, isAnswering, isRunning } from './agent-turn-state';
import { type Closing, close, notifyFailure } from './ending';
import { checkPlayout } from './playout-check';
import { sayLine } from './spoken-lines';
import { finishAudio, giveUp } from './transitions';

/** How the agent ends a conversation: everything it has said is heard first. */

/** The agent has ended the conversation. */
export function hangUp(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return closeAfterSpeech(state, 'hang_up', atMs, emit);
}

/** The agent has asked to end the conversation after its last words. It may still say more before that. */
export function prepareHangUp(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const next = checkPlayout({ ...state, isFarewell: true }, atMs, emit);
  if (!isRunning(next)) return next;
  return isAnswering(next) ? { ...next, closing: 'hang_up' } : close(next, 'hang_up', atMs, emit);
}

/** The agent is permanently unavailable. This is said aloud if that line is in the cache, and then reported to the client. */
export function sayFailure(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return closeAfterSpeech(state, 'notice', atMs, emit);
}

/** The cache was searched for the line which says that the agent cannot be reached. */
export function takeNotice(state: AgentRunning, event: AgentTurnEventOf<'line_ready'>, emit: EmitAgentEffect): AgentTurnState {
  const { failure } = state;
  if (failure === undefined) return state;
  let next: AgentTurnState = state;
  if (event.speech) {
    // The text is sent at once, because a reader need not wait for the audio.
    if (!state.isLossNotified) notifyFailure(state, failure, false, emit);
    next = sayLine(state, event.text, event.speech, event.atMs, emit);
  }
  return isRunning(next) ? closeAfterSpeech(next, 'failure', event.atMs, emit) : next;
}

/** The agent will say nothing more. What has arrived is heard before the conversation closes. */
function closeAfterSpeech(state: AgentRunning, closing: Closing, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const next = giveUp(state, atMs, emit);
  if (!isRunning(next)) return next;
  if (!isAnswering(next)) return close(next, closing, atMs, emit);
  return checkPlayout(finishAudio({ ...next, closing }, emit), atMs, emit);
}
