import { type AgentReply, spokenOf, textSoFar, withPart, withPartsConfirmed, withText } from './agent-reply';
import { bare } from '../playout/heard-text';
import type { AgentAnswering, AgentRunning, AgentSpeaking } from './agent-turn-state';
import type { EmitAgentEffect } from './agent-turn-effect';

/** What the client, and the conversation's history, are told of the texts of the agent's replies. */

/** A piece of the reply's text. */
export function tellPart(state: AgentSpeaking, text: string, atMs: number, emit: EmitAgentEffect): AgentSpeaking {
  emit({ type: 'notify', notification: { type: 'reply_text', turn: state.turn, text } });
  return { ...state, reply: withPart(state.reply, text, atMs) };
}

/** A whole text of it. */
export function tellText(state: AgentSpeaking, text: string, atMs: number, emit: EmitAgentEffect): AgentSpeaking {
  const { reply, added } = withText(state.reply, text, atMs);
  tellFinal(reply, added, emit);
  return { ...state, reply, history: state.history.agentSaid(reply.turn, reply.text) };
}

/** No more text of it comes: the agent may never have given the whole of what came in pieces. */
export function tellTextEnd<State extends AgentAnswering>(state: State, emit: EmitAgentEffect): State {
  if (state.reply.parts === '') return state;
  const reply = withPartsConfirmed(state.reply);
  tellFinal(reply, '', emit);
  return { ...state, reply, history: state.history.agentSaid(reply.turn, reply.text) };
}

/** No more of it comes at all: of what was written, only that counts which was spoken. */
export function cutShortText(state: AgentSpeaking, emit: EmitAgentEffect): AgentSpeaking {
  const told = tellTextEnd(state, emit);
  const spoken = spokenOf(told.reply);
  if (bare(spoken) === bare(textSoFar(told.reply))) return told;
  return { ...told, reply: { ...told.reply, isCutShort: true }, history: told.history.agentSaid(told.turn, `${spoken}…`) };
}

/** It was stopped behind these words, until the agent corrects that, if it does. */
export function cutText<State extends AgentAnswering>(state: State, heard: string | undefined): State {
  if (textSoFar(state.reply) === '') return state;
  return { ...state, history: state.history.agentSaid(state.turn, `${heard ?? ''}…`) };
}

/** What the agent takes to have been heard of the reply that was stopped last, in the place of what was to be said. */
export function correctText(state: AgentRunning, original: string, heard: string, emit: EmitAgentEffect): AgentRunning {
  const said = state.phase === 'AI_SPEAKING' ? state.reply : state.corrigible;
  if (said === undefined || original === '' || !said.text.includes(original)) return state;
  const text = said.text.replace(original, () => heard);
  tellFinal({ turn: said.turn, text }, '', emit);
  const history = state.history.agentSaid(said.turn, text);
  return state.phase === 'AI_SPEAKING'
    ? { ...state, history, reply: { ...state.reply, text } }
    : { ...state, history, corrigible: { turn: said.turn, text } };
}

const tellFinal = ({ turn, text }: Pick<AgentReply, 'turn' | 'text'>, added: string, emit: EmitAgentEffect): void =>
  emit({ type: 'notify', notification: { type: 'reply_text', turn, text: added, final: { fullText: text } } });
