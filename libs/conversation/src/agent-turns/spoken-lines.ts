import type { SpeechAudio } from '../turns/turn-event';
import type { AgentTurnEventOf } from './agent-turn-event';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentRunning, type AgentTurnState, isAnswering, isRunning } from './agent-turn-state';
import { checkPlayout } from './playout-check';
import { takeReplyAudio, takeReplyText } from './replying';
import { finishAudio } from './transitions';

/** The lines that this server speaks in place of the agent. */

/** The greeting is in the cache and is played. The agent is told that the user was greeted. */
export function greet(state: AgentRunning, { text, speech, atMs }: AgentTurnEventOf<'line_ready'>, emit: EmitAgentEffect): AgentTurnState {
  return speech ? sayLine({ ...state, greetedWith: text }, text, speech, atMs, emit) : state;
}

/** Speaks a line whose audio is ready, so that no vendor is needed. */
export function sayLine(state: AgentRunning, text: string, speech: SpeechAudio, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const titled = takeReplyText({ ...state, staleAudio: undefined }, text, atMs, emit);
  const said = isRunning(titled) ? takeReplyAudio(titled, speech, atMs, emit) : titled;
  if (!isAnswering(said)) return said;
  return checkPlayout(finishAudio({ ...said, localLineTurn: said.turn }, emit), atMs, emit);
}
