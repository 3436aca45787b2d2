import { heardOf } from './agent-reply';
import type { EmitAgentEffect } from './agent-turn-effect';
import {
  type AgentIdle,
  type AgentListening,
  type AgentRunning,
  type AgentTurnState,
  isAnswering,
  isRunning,
  withActivity,
} from './agent-turn-state';
import { stoppedUpdate } from './context-updates';
import { checkPlayout } from './playout-check';
import { withoutDueText, withholdRest } from './stale-audio';
import { expectAnswer, interrupt } from './transitions';

/** What the user says and types, and the stop button. */

/** A partial transcript of the user’s words. */
export function takePartialTranscript(state: AgentRunning, text: string, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const words = text.trim();
  if (words === '') return state;
  let heard: AgentTurnState = withActivity(state, atMs);
  if (heard.phase === 'AI_SPEAKING' && heard.turn === heard.localLineTurn) heard = interrupt(heard, 'speech', atMs, emit);
  if (!isRunning(heard)) return heard;
  // The current reply is the one before these words.
  const turn = isAnswering(heard) ? heard.turn + 1 : heard.turn;
  emit({ type: 'notify', notification: { type: 'transcript', turn, text: words, isFinal: false } });
  return { ...heard, unfinishedWords: words };
}

/** The final transcript of the user’s words, as the agent has understood them. The agent will answer it. */
export function takeFinalTranscript(state: AgentRunning, text: string, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const words = text.trim();
  if (words === '') return state;
  const heard = { ...withActivity(state, atMs), unfinishedWords: '' };
  // Typed text comes back as a transcript of the turn that it has begun.
  if (isAnswering(heard) && heard.typed?.turn === heard.turn && heard.typed.text === words) return { ...heard, typed: undefined };
  const listening = stopAnswer(heard, 'speech', atMs, emit);
  if (!isRunning(listening)) return listening;
  return ask({ ...listening, staleAudio: undefined }, words, { stt_final: atMs }, atMs, emit);
}

export function takeTyped(state: AgentRunning, text: string, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  if (state.connection === 'over') return state;
  const listening = stopAnswer(withActivity(state, atMs), 'text', atMs, emit);
  if (!isRunning(listening)) return listening;
  const staleAudio = isAnswering(state) ? withholdRest(listening.staleAudio, false) : withoutDueText(listening.staleAudio);
  const typed = { turn: listening.turn, text: text.trim() };
  const asked = ask({ ...listening, staleAudio, typed, unfinishedWords: '' }, text, { speech_end: atMs, turn_end: atMs }, atMs, emit);
  if (state.policy.judgesTurns) return asked;
  if (isRunning(asked) && asked.connection === 'open') emit({ type: 'send_text', text });
  return asked;
}

/** The agent has interrupted itself. When no reply has begun, the event belongs to an earlier reply. */
export function takeAgentInterruption(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const heard = { ...state, staleAudio: undefined };
  return heard.phase === 'AI_SPEAKING' ? interrupt(heard, 'speech', atMs, emit) : heard;
}

/** The user has pressed the stop button. The agent does not know that and keeps sending its reply. */
export function stop(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  if (!isAnswering(state)) return state;
  const { reply } = state;
  const heard = heardOf(reply, atMs) ?? '';
  const listening = interrupt({ ...withActivity(state, atMs), announcedWords: undefined }, 'button', atMs, emit);
  if (!isRunning(listening)) return listening;
  if (listening.connection === 'open') emit({ type: 'update_context', text: stoppedUpdate(heard) });
  // The agent will assume that more was heard than really was.
  return { ...listening, staleAudio: withholdRest(listening.staleAudio, reply.text === ''), correctable: undefined };
}

function stopAnswer(state: AgentRunning, reason: 'speech' | 'text', atMs: number, emit: EmitAgentEffect): AgentListening | AgentIdle {
  return isAnswering(state) ? interrupt(state, reason, atMs, emit) : state;
}

function ask(
  state: AgentListening,
  words: string,
  marks: Parameters<typeof expectAnswer>[2],
  atMs: number,
  emit: EmitAgentEffect,
): AgentTurnState {
  return checkPlayout(expectAnswer({ ...state, announcedWords: undefined }, words, marks, atMs, emit), atMs, emit);
}
