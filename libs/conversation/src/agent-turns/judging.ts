import { labelled } from '../memory/memory';
import type { EmitAgentEffect } from './agent-turn-effect';
import type { AgentTurnEventOf } from './agent-turn-event';
import { type AgentRunning, type AgentTurnState, isAnswering, isRunning } from './agent-turn-state';
import { overheardUpdate, speakerUpdate, unansweredUpdate } from './context-updates';
import { leaveUnanswered } from './transitions';

/**
 * Where several people share the conversation, not all of their turns are answered. The agent cannot be kept from answering what it has
 * heard, so its answer is dropped. What was typed is only sent to it if it is to be answered.
 */

/** The agent cannot tell voices apart, so it is told who speaks. */
export function noteSpeaker(state: AgentRunning, speaker: string | undefined, emit: EmitAgentEffect): AgentTurnState {
  if (speaker !== undefined && state.connection === 'open') emit({ type: 'update_context', text: speakerUpdate(speaker) });
  return state;
}

export function judgeAgentTurn(state: AgentRunning, event: AgentTurnEventOf<'turn_judged'>, emit: EmitAgentEffect): AgentTurnState {
  const { unjudged, turn } = state;
  if (unjudged === undefined || event.turn !== turn || !isAnswering(state)) return state;
  const { speaker, isAnswered, atMs } = event;
  const words = labelled(unjudged.text, speaker);
  const history = speaker === undefined ? state.history : state.history.saidBy(turn, speaker);
  const isOpen = state.connection === 'open';
  const judged = { ...state, history, unjudged: undefined };
  if (isAnswered) {
    if (!unjudged.isTyped) return judged;
    if (isOpen) emit({ type: 'send_text', text: words });
    return { ...judged, typed: { turn, text: words.trim() } };
  }
  const left = leaveUnanswered({ ...judged, typed: undefined }, atMs, emit);
  if (!isRunning(left)) return left;
  if (isOpen) emit({ type: 'update_context', text: unjudged.isTyped ? overheardUpdate(words) : unansweredUpdate(words) });
  return unjudged.isTyped ? left : { ...left, staleAudio: { unasked: true } };
}
