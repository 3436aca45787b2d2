import { MAX_TEXT_LENGTH, type RoomClientMessage } from '@parley/protocol';

/** No message that means anything is longer: every character of the longest text may be written as two escapes. */
export const MAX_MESSAGE_BYTES = MAX_TEXT_LENGTH * 12 + 1_024;

/** A message of the topic `parley`. Undefined if it is none. */
export function parseRoomMessage(payload: Uint8Array): RoomClientMessage | undefined {
  if (payload.byteLength > MAX_MESSAGE_BYTES) return undefined;
  const fields = fieldsOf(new TextDecoder().decode(payload));
  switch (fields?.['type']) {
    case 'interrupt':
    case 'end_conversation':
      return { type: fields['type'] };
    case 'text_message': {
      const text = textOf(fields['text']);
      return text === undefined ? undefined : { type: 'text_message', text };
    }
    default:
      return undefined;
  }
}

/** What was written to the chat: plain text, or JSON with the field `message`. Undefined if it is empty or too long. */
export function parseChat(content: string): string | undefined {
  const fields = content.trimStart().startsWith('{') ? fieldsOf(content) : undefined;
  return textOf(typeof fields?.['message'] === 'string' ? fields['message'] : content);
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || [...text].length > MAX_TEXT_LENGTH ? undefined : text;
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
