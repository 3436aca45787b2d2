import type { ServerMessage } from './server-messages';

/**
 * Parses one JSON text message of the server; `undefined` for anything that is not an object with a `type`. Messages of a type that this
 * version does not know pass through: newer servers may send more, and the receiver's switch skips them.
 */
export function parseServerMessage(text: string): ServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return undefined;
  return value as ServerMessage;
}
