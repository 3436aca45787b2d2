import type { FailureReason } from '../turns/turn-event';
import { hasAudio, withoutText } from './agent-reply';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentRunning, type AgentTurnState, isAnswering, isRunning, unansweredWords } from './agent-turn-state';
import { sayFailure } from './closing';
import { greetedUpdate, halfHeardUpdate } from './context-updates';
import { notifyFailure } from './ending';
import { checkPlayout } from './playout-check';
import { expectsMore } from './speech-end';
import { cutShort, giveUp } from './transitions';

/** The connection to the agent, which may be lost and made again. */

/**
 * The agent is connected and listens. A new connection knows nothing of the old one: it is given the history, and unanswered words are
 * sent again.
 */
export function connect(state: AgentRunning, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const again = state.wasConnected;
  const asked = checkPlayout(withQuestionAgain({ ...state, connection: 'open', wasConnected: true }, atMs), atMs, emit);
  if (!isRunning(asked)) return asked;
  const unanswered = unansweredWords(asked);
  const update = again ? handover(asked, unanswered) : asked.greetedWith === undefined ? undefined : greetedUpdate(asked.greetedWith);
  if (update !== undefined) emit({ type: 'update_context', text: update });
  if (unanswered !== undefined) emit({ type: 'send_text', text: unanswered });
  return { ...asked, isLossNotified: false };
}

/** The connection was lost and is being made again. */
export function loseConnection(state: AgentRunning, reason: FailureReason, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const cutOff = disconnect(state, 'lost', atMs, emit);
  if (!isRunning(cutOff)) return cutOff;
  notifyFailure(cutOff, reason, false, emit);
  const { greeting } = cutOff.history;
  const greetsAgain = greeting !== undefined && cutOff.policy.greetsAgain;
  return { ...cutOff, isLossNotified: true, ...(greetsAgain && { staleAudio: { words: greeting.trim() } }) };
}

/** There is no connection, and no further attempt is made. */
export function failConnection(state: AgentRunning, reason: FailureReason, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const cutOff = disconnect(state, 'over', atMs, emit);
  const listening = isRunning(cutOff) ? giveUp(cutOff, atMs, emit) : cutOff;
  return isRunning(listening) ? sayFailure({ ...listening, failure: reason }, atMs, emit) : listening;
}

/** Nothing that was under way will arrive any more, and a later connection knows nothing about it. */
function disconnect(state: AgentRunning, connection: 'lost' | 'over', atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const alone: AgentRunning = { ...state, connection, staleAudio: undefined, localLineTurn: undefined };
  if (!isAnswering(alone)) return alone;
  const { reply, speechEnd } = alone;
  const isHeard = hasAudio(reply);
  const isAnnouncement = isHeard && expectsMore(speechEnd, atMs);
  const localLineTurn = isHeard ? reply.turn : undefined;
  const known = { ...alone, localLineTurn, ...(isAnnouncement && { announcedWords: reply.userText }) };
  const cut = known.phase === 'AI_SPEAKING' ? cutShort(known, emit) : known;
  return checkPlayout({ ...cut, reply: { ...cut.reply, lastEventAtMs: atMs } }, atMs, emit);
}

/** Drops the text of an answer that was not heard, because the question is asked again and another answer will come. */
function withQuestionAgain(state: AgentRunning, atMs: number): AgentRunning {
  if (!isAnswering(state)) return state;
  const reply = { ...state.reply, lastEventAtMs: atMs };
  if (hasAudio(reply) || reply.userText === undefined) return { ...state, reply };
  return {
    ...state,
    reply: withoutText(reply),
    history: state.history.forgetReply(reply.turn),
    speechEnd: { ...state.speechEnd, audioDueUntilMs: atMs + state.policy.stallTimeoutMs },
  };
}

function handover({ history, unfinishedWords }: AgentRunning, unanswered: string | undefined): string | undefined {
  const said = [history.handover(unanswered), halfHeardUpdate(unfinishedWords)].filter((line) => line !== undefined);
  return said.length > 0 ? said.join('\n') : undefined;
}
