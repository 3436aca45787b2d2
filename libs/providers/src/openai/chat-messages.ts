import type { ChatMessage } from '../ports/language-model';
import type { ServerDialect } from './server-dialect';

const BETWEEN = '\n\n';
const SAID_FIRST = 'The conversation began with these words of yours:';
const SAID_SO_FAR = 'Of your reply to the last message the user has got this so far:';

/**
 * Rewrites messages so that every chat template accepts them: one system message first, then user and assistant messages in turn, none of
 * them empty. Content for which the template has no place is moved into another message, so that nothing is lost. Only a conversation that
 * is longer than the server accepts loses its beginning.
 */
export function chatMessages(messages: readonly ChatMessage[], dialect: ServerDialect): ChatMessage[] {
  const written = messages.filter(({ content }) => content.trim() !== '');
  const system = written.filter(({ role }) => role === 'system').map(({ content }) => content);
  const turns = joined(written.filter(({ role }) => role !== 'system'));
  if (turns.length > 1 && turns[0]?.role === 'assistant') system.push(quoted(SAID_FIRST, turns.shift()));
  if (dialect.refusesAssistantLast && turns.at(-1)?.role === 'assistant') system.push(quoted(SAID_SO_FAR, turns.pop()));
  const instruction = system.join(BETWEEN);
  const kept = newest(turns, dialect.maxCharacters - instruction.length);
  if (instruction === '') return kept;
  if (!dialect.refusesSystem) return [{ role: 'system', content: instruction }, ...kept];
  return joined([{ role: 'user', content: instruction }, ...kept]);
}

/** Joins neighbouring messages of the same role into one. */
function joined(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last?.role === role) last.content += BETWEEN + content;
    else turns.push({ role, content });
  }
  return turns;
}

/** Returns as many of the last turns as there is room for, but at least the last one. The result begins with a user message. */
function newest(turns: readonly ChatMessage[], maxCharacters: number): ChatMessage[] {
  let start = 0;
  let characters = turns.reduce((sum, { content }) => sum + content.length, 0);
  for (; characters > maxCharacters && start < turns.length - 1; start += 1) characters -= turns[start]?.content.length ?? 0;
  if (start > 0 && turns[start]?.role === 'assistant' && start < turns.length - 1) start += 1;
  return turns.slice(start);
}

const quoted = (introduction: string, message: ChatMessage | undefined): string => `${introduction} "${message?.content ?? ''}"`;
