import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ChatMessage } from '../ports/language-model';
import { asWords, type Exchange, inTurns, joined, type Said, type Turn } from './chat-turns';
import type { ServerDialect } from './server-dialect';

const BETWEEN = '\n\n';
const SAID_FIRST = 'The conversation began with these words of yours:';
const SAID_SO_FAR = 'Of your reply to the last message the user has got this so far:';

/**
 * Rewrites messages so that every chat template accepts them: one system message first, then user and assistant messages in turn, none of
 * them empty, with each tool call before its result. Content for which the template has no place is moved into another message, so that
 * nothing is lost. Only a conversation that is longer than the server accepts loses its beginning.
 */
export function chatMessages(messages: readonly ChatMessage[], dialect: ServerDialect): ChatCompletionMessageParam[] {
  const system = messages.filter(({ role, content }) => role === 'system' && content.trim() !== '').map(({ content }) => content);
  let turns = inTurns(messages, { takesTools: !dialect.without.has('tools') });
  for (let [first] = turns; first && first.role !== 'user' && turns.length > 1; [first] = turns) {
    if (first.role === 'assistant') system.push(quoted(SAID_FIRST, first));
    turns = joined([...(first.role === 'tools' ? asWords(first) : []), ...turns.slice(1)]);
  }
  const last = turns.at(-1);
  if (dialect.refusesAssistantLast && last?.role === 'assistant') {
    system.push(quoted(SAID_SO_FAR, last));
    turns.pop();
  }
  const instruction = system.join(BETWEEN);
  const kept = newest(turns, dialect.maxCharacters - instruction.length);
  if (instruction === '') return kept.flatMap(written);
  if (!dialect.refusesSystem) return [{ role: 'system', content: instruction }, ...kept.flatMap(written)];
  return joined([{ role: 'user', content: instruction }, ...kept]).flatMap(written);
}

/**
 * Returns as many of the last turns as there is room for, but at least the last one, and the question before it if tools were used for the
 * answer. The result begins with a user message.
 */
function newest(turns: readonly Turn[], maxCharacters: number): readonly Turn[] {
  const isLast = (index: number): boolean => index >= (turns.at(-1)?.role === 'tools' ? lastQuestion(turns) : turns.length - 1);
  let start = 0;
  let characters = turns.reduce((sum, turn) => sum + lengthOf(turn), 0);
  for (; characters > maxCharacters && !isLast(start); start += 1) characters -= lengthOf(turns[start]);
  while (start > 0 && turns[start]?.role !== 'user' && !isLast(start)) start += 1;
  return turns.slice(start);
}

const lastQuestion = (turns: readonly Turn[]): number =>
  Math.max(
    0,
    turns.findLastIndex(({ role }) => role === 'user'),
  );

function lengthOf(turn: Turn | undefined): number {
  if (turn?.role !== 'tools') return turn?.content.length ?? 0;
  return turn.uses.reduce((sum, { call, result }) => sum + call.arguments.length + result.length, turn.content.length);
}

const quoted = (introduction: string, { content }: Said): string => `${introduction} "${content}"`;

const written = (turn: Turn): ChatCompletionMessageParam[] => (turn.role === 'tools' ? writtenExchange(turn) : [turn]);

function writtenExchange({ content, uses }: Exchange): ChatCompletionMessageParam[] {
  return [
    {
      role: 'assistant',
      content: content.trim() === '' ? null : content,
      tool_calls: uses.map(({ call }) => ({
        id: call.id,
        type: 'function' as const,
        function: { name: call.name, arguments: call.arguments },
      })),
    },
    ...uses.map(({ call, result }) => ({ role: 'tool' as const, tool_call_id: call.id, content: result })),
  ];
}
