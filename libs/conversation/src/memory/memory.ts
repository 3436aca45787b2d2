import { estimateTokens } from './estimate-tokens';
import type { TurnPolicy } from '../turns/turn-policy';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/**
 * What has been said in this conversation, oldest message first. It is discarded at the end. Failed replies are not part of it, and
 * interrupted replies at most with the words that were heard.
 */
export type Memory = readonly ChatMessage[];

/** What was said in a conversation before it was continued here. Plain data. */
export interface PastConversation {
  /** Oldest first, without the system prompt. */
  messages: readonly ChatMessage[];
  /** The notes on messages that were dropped before, oldest first. */
  earlier: readonly string[];
  /** The number of the last turn. */
  turn: number;
}

/** The words of a turn, with the name of the speaker where several people share the conversation. */
export const labelled = (text: string, speaker: string | undefined): string => (speaker === undefined ? text : `${speaker}: ${text}`);

/** A state that contains the memory. */
export interface Remembering {
  policy: Pick<TurnPolicy, 'maxMemoryMessages' | 'maxMemoryTokens'>;
  memory: Memory;
  /** The notes on dropped messages, oldest first, as many as fit into a short summary. */
  earlier: readonly string[];
}

/** The fields that are needed to handle a refusal of the model. */
export interface Refusable {
  memory: Memory;
  earlier: readonly string[];
  /** Whether the request before this one was refused as well. */
  wasRefused: boolean;
}

/** Follows the heard words of an interrupted reply. Language models know this mark from transcripts. */
export const INTERRUPTED_MARK = '[interrupted]';

const MAX_NOTE_LENGTH = 80;
const MAX_EARLIER_LENGTH = 600;

/**
 * Adds a message. Messages beyond the limits are replaced by one note each, oldest first. The history never begins with a message of the
 * assistant.
 */
export function remember<State extends Remembering>(state: State, message: ChatMessage): State {
  const { maxMemoryMessages, maxMemoryTokens } = state.policy;
  const all = [...state.memory, message];
  let start = Math.max(0, all.length - maxMemoryMessages);
  let tokens = all.slice(start).reduce((sum, { content }) => sum + estimateTokens(content), 0);
  // The last message is kept, however long it is.
  for (; tokens > maxMemoryTokens && start < all.length - 1; start++) tokens -= estimateTokens(all[start]?.content ?? '');
  while (start < all.length && all[start]?.role === 'assistant') start++;
  return start === 0
    ? { ...state, memory: all }
    : { ...state, memory: all.slice(start), earlier: noted(state.earlier, all.slice(0, start)) };
}

/**
 * The model has refused to answer `userText` and would refuse every later request that contains it, so it is removed. When the request
 * before was refused too, the reason may be something that both requests contained, so the whole memory is removed.
 */
export function forgetRefused<State extends Refusable>(state: State, userText: string): State {
  if (state.wasRefused) return { ...state, memory: [], earlier: [] };
  const last = state.memory.at(-1);
  const isRemembered = last?.role === 'user' && last.content === userText;
  return { ...state, wasRefused: true, memory: isRemembered ? state.memory.slice(0, -1) : state.memory };
}

/** The memory with which a continued conversation begins. The limits may be lower than those it was made under. */
export function recall<State extends Remembering>(state: State, past: PastConversation | undefined): State {
  if (past === undefined) return state;
  return past.messages.reduce((recalled, message) => remember(recalled, message), { ...state, memory: [], earlier: past.earlier });
}

function noted(earlier: readonly string[], dropped: readonly ChatMessage[]): string[] {
  const notes = [...earlier, ...dropped.map(({ role, content }) => `${role}: "${shortened(content)}"`)];
  let length = notes.reduce((sum, note) => sum + note.length, 0);
  let start = 0;
  for (; length > MAX_EARLIER_LENGTH && start < notes.length - 1; start++) length -= notes[start]?.length ?? 0;
  return notes.slice(start);
}

/** The first words of the content, on one line. */
function shortened(content: string): string {
  const line = content.replace(/\s+/gu, ' ').trim();
  if (line.length <= MAX_NOTE_LENGTH) return line;
  const space = line.lastIndexOf(' ', MAX_NOTE_LENGTH - 1);
  const cut = [...line.slice(0, space > MAX_NOTE_LENGTH / 2 ? space : MAX_NOTE_LENGTH - 1)];
  // Half of a surrogate pair at the end would not be a character.
  if (/^\p{Surrogate}$/u.test(cut.at(-1) ?? '')) cut.pop();
  return `${cut.join('')}…`;
}

/**
 * The messages of a request: the system prompt (if any), the notes on dropped messages (if any), the history, and the new words of the
 * user.
 */
export function conversationMessages(
  systemPrompt: string,
  { memory, earlier }: Pick<Remembering, 'memory' | 'earlier'>,
  userText: string,
): ChatMessage[] {
  const system = [systemPrompt, earlier.length === 0 ? '' : `Earlier in this conversation: ${earlier.join('; ')}`];
  return [
    ...system.filter((content) => content !== '').map((content) => ({ role: 'system' as const, content })),
    ...memory,
    { role: 'user', content: userText },
  ];
}
