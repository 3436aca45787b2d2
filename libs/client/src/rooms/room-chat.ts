import { MAX_TEXT_LENGTH } from '@parley/protocol';

/** Topic of the text streams that people of a room write to each other and to the assistant. */
export const CHAT_TOPIC = 'lk.chat';

/** The words of a chat message: plain text, or JSON with a `message`, as some clients send it. Undefined where there are none. */
export function chatWords(text: string): string | undefined {
  const words = (messageOf(text) ?? text).trim().slice(0, MAX_TEXT_LENGTH);
  return words === '' ? undefined : words;
}

function messageOf(text: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
      ? value.message
      : undefined;
  } catch {
    return undefined;
  }
}
