import type { ServerMessage } from '@parley/protocol';

/** Parses one text message. Anything that is not a JSON object with a `type` is ignored: undefined. Unknown types pass through, for the receiver's switch to skip. */
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
