export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What has been said in this conversation, oldest first; gone at its end. Interrupted and failed replies are not in it. */
export type Memory = readonly ChatMessage[];

/** Adds a message and drops the oldest beyond `maxMessages`. The history never begins with an assistant's message. */
export function remember(memory: Memory, message: ChatMessage, maxMessages: number): Memory {
  const all = [...memory, message];
  let start = Math.max(0, all.length - maxMessages);
  while (start < all.length && all[start]?.role === 'assistant') start++;
  return start === 0 ? all : all.slice(start);
}

/** The messages of a request: the system prompt (if any), the history, and the user's new words. */
export function conversationMessages(systemPrompt: string, memory: Memory, userText: string): ChatMessage[] {
  const system: ChatMessage[] = systemPrompt ? [{ role: 'system', content: systemPrompt }] : [];
  return [...system, ...memory, { role: 'user', content: userText }];
}
