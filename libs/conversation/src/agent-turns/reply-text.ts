import { type AgentReply, spokenOf, textSoFar, withPart, withPartsConfirmed, withText } from './agent-reply';
import { bare } from '../playout/heard-text';
import type { AgentAnswering, AgentRunning, AgentSpeaking } from './agent-turn-state';
import type { EmitAgentEffect } from './agent-turn-effect';

/** What the client is told about the text of the agent’s replies, and what the history keeps of it. */

/** A piece of the reply’s text has arrived. */
export function notifyTextPart(state: AgentSpeaking, text: string, atMs: number, emit: EmitAgentEffect): AgentSpeaking {
  emit({ type: 'notify', notification: { type: 'reply_text', turn: state.turn, text } });
  return { ...state, reply: withPart(state.reply, text, atMs) };
}

/** A whole text of the reply has arrived. */
export function notifyWholeText(state: AgentSpeaking, text: string, atMs: number, emit: EmitAgentEffect): AgentSpeaking {
  const { reply, added } = withText(state.reply, text, atMs);
  notifyFinalText(reply, added, emit);
  return { ...state, reply, history: state.history.agentSaid(reply.turn, reply.text) };
}

/** No more text of the reply will arrive. Text that came in pieces is completed here, because the agent may never send the whole. */
export function notifyTextEnd<State extends AgentAnswering>(state: State, emit: EmitAgentEffect): State {
  if (state.reply.parts === '') return state;
  const reply = withPartsConfirmed(state.reply);
  notifyFinalText(reply, '', emit);
  return { ...state, reply, history: state.history.agentSaid(reply.turn, reply.text) };
}

/** Nothing more of the reply will arrive: only the part of the text that was spoken counts. */
export function cutShortText(state: AgentSpeaking, emit: EmitAgentEffect): AgentSpeaking {
  const told = notifyTextEnd(state, emit);
  const spoken = spokenOf(told.reply);
  if (bare(spoken) === bare(textSoFar(told.reply))) return told;
  return { ...told, reply: { ...told.reply, isCutShort: true }, history: told.history.agentSaid(told.turn, `${spoken}…`) };
}

/** The reply was stopped after these words. The agent may send a correction later. */
export function cutText<State extends AgentAnswering>(state: State, heard: string | undefined): State {
  if (textSoFar(state.reply) === '') return state;
  return { ...state, history: state.history.agentSaid(state.turn, `${heard ?? ''}…`) };
}

/**
 * Applies the agent’s correction: the words that it assumes were heard of the reply that was stopped last, in place of the planned text.
 */
export function correctText(state: AgentRunning, original: string, heard: string, emit: EmitAgentEffect): AgentRunning {
  const said = state.phase === 'AI_SPEAKING' ? state.reply : state.correctable;
  if (said === undefined || original === '' || !said.text.includes(original)) return state;
  const text = said.text.replace(original, () => heard);
  notifyFinalText({ turn: said.turn, text }, '', emit);
  const history = state.history.agentSaid(said.turn, text);
  return state.phase === 'AI_SPEAKING'
    ? { ...state, history, reply: { ...state.reply, text } }
    : { ...state, history, correctable: { turn: said.turn, text } };
}

const notifyFinalText = ({ turn, text }: Pick<AgentReply, 'turn' | 'text'>, added: string, emit: EmitAgentEffect): void =>
  emit({ type: 'notify', notification: { type: 'reply_text', turn, text: added, final: { fullText: text } } });
