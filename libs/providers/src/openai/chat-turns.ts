import type { ChatMessage, LlmToolCall } from '../ports/language-model';

const BETWEEN = '\n\n';

export interface Said {
  role: 'user' | 'assistant';
  content: string;
}

/** Tools that the model called together, each with its result, and what it said before. */
export interface Exchange {
  role: 'tools';
  content: string;
  uses: readonly { call: LlmToolCall; result: string }[];
}

/** What servers accept one after the other. */
export type Turn = Said | Exchange;

/**
 * Groups what users, assistants and tools said into turns, none of them empty. A call without a result is left out. A result without a call
 * becomes a message in words, and so does every result where the server takes no tools.
 */
export function inTurns(messages: readonly ChatMessage[], { takesTools }: { takesTools: boolean }): Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === 'user') turns.push({ role: 'user', content: message.content });
    if (message.role === 'assistant') {
      const { content, toolCalls = [] } = message;
      const uses = usesOf(toolCalls, resultsAfter(messages, index));
      const turn: Turn = uses.length > 0 ? { role: 'tools', content, uses } : { role: 'assistant', content };
      turns.push(...(turn.role === 'tools' && !takesTools ? asWords(turn) : [turn]));
    }
    if (message.role === 'tool' && !hasCall(messages, index)) turns.push(resultInWords(message.content));
  }
  return joined(turns);
}

/** An exchange in words, for a server that does not know tools or a place where it accepts none. Ends with a message of the user. */
export function asWords({ content, uses }: Exchange): Said[] {
  return [{ role: 'assistant', content }, ...uses.map(({ call, result }) => resultInWords(result, call))];
}

/** Leaves empty turns out and joins neighbouring turns of the same role into one. */
export function joined(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (turn.role === 'tools') result.push(turn);
    else if (turn.content.trim() === '') continue;
    else if (last?.role === turn.role) result.splice(-1, 1, { role: turn.role, content: last.content + BETWEEN + turn.content });
    else result.push(turn);
  }
  return result;
}

function resultInWords(result: string, call?: LlmToolCall): Said {
  const tool = call ? `You used the tool "${call.name}" with ${call.arguments}` : 'You used a tool';
  return { role: 'user', content: `${tool}. Its result: ${result}` };
}

type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;

/** The results that follow the message at this index. */
function resultsAfter(messages: readonly ChatMessage[], index: number): ToolMessage[] {
  const results: ToolMessage[] = [];
  for (const message of messages.slice(index + 1)) {
    if (message.role !== 'tool') break;
    results.push(message);
  }
  return results;
}

const usesOf = (calls: readonly LlmToolCall[], results: readonly ToolMessage[]): Exchange['uses'] =>
  calls.flatMap((call) => {
    const result = results.find(({ toolCallId }) => toolCallId === call.id);
    return result ? [{ call, result: result.content }] : [];
  });

/** Whether the result at this index belongs to a call of the message that it follows. */
function hasCall(messages: readonly ChatMessage[], index: number): boolean {
  const caller = messages.slice(0, index).findLast(({ role }) => role !== 'tool');
  const result = messages[index];
  if (result?.role !== 'tool' || caller?.role !== 'assistant') return false;
  return caller.toolCalls?.some(({ id }) => id === result.toolCallId) ?? false;
}
