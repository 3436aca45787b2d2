import type { RawData } from 'ws';

/** The bytes of a message, in whichever form the socket delivers them. */
export function messageBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
