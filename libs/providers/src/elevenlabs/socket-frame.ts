import { asNumber, asObject, asString, parseJsonObject } from '../shared/json';
import type { CharacterAlignment } from '../ports/text-to-speech';

/**
 * The decoded content of one message of a `multi-stream-input` or `stream-input` socket. A message may carry audio and also be the last one of its context.
 */
export type SocketFrame =
  | {
      type: 'speech';
      contextId: string | undefined;
      audio: Uint8Array | undefined;
      alignment: CharacterAlignment | undefined;
      isFinal: boolean;
    }
  | { type: 'error'; contextId: string | undefined; error: string | undefined; code: number | undefined }
  | { type: 'ignored' }
  | { type: 'garbage' };

/** Which of the two alignments of a frame is read first: that of the text as the vendor normalised it, or of the text as it was given. */
export type PreferredAlignment = 'normalized' | 'given';

export function decodeSocketFrame(text: string, preferred: PreferredAlignment = 'normalized'): SocketFrame {
  const message = parseJsonObject(text);
  if (!message) return { type: 'garbage' };
  const contextId = asString(message['contextId']) ?? asString(message['context_id']);
  const audio = asString(message['audio']);
  const isFinal = message['isFinal'] === true;
  if (asString(message['error']) !== undefined || (audio === undefined && !isFinal && asNumber(message['code']) !== undefined)) {
    return { type: 'error', contextId, error: asString(message['error']), code: asNumber(message['code']) };
  }
  // This is `flush_done` or another message type that the vendor has added.
  if (audio === undefined && !isFinal) return { type: 'ignored' };
  const normalized = readAlignment(message['normalizedAlignment']);
  const given = readAlignment(message['alignment']);
  return {
    type: 'speech',
    contextId,
    audio: audio === undefined || audio === '' ? undefined : Buffer.from(audio, 'base64'),
    alignment: preferred === 'given' ? (given ?? normalized) : (normalized ?? given),
    isFinal,
  };
}

/** Limit of aligned characters in a frame. A longer alignment is dropped, because speech without times is better than no speech. */
const MOST_ALIGNED = 2_000;
/** Limit of one character in UTF-16 code units. Some characters consist of several. */
const LONGEST_CHARACTER = 16;

/** Reads an alignment. Both spellings of the durations occur. Times are relative to the frame. */
function readAlignment(value: unknown): CharacterAlignment | undefined {
  const alignment = asObject(value);
  const chars = alignment?.['chars'];
  const startMs = alignment?.['charStartTimesMs'];
  const durationMs = alignment?.['charDurationsMs'] ?? alignment?.['charsDurationsMs'];
  if (!isArrayOf(chars, 'string') || !isArrayOf(startMs, 'number') || !isArrayOf(durationMs, 'number')) return undefined;
  if (chars.length > MOST_ALIGNED || chars.some((char) => char.length > LONGEST_CHARACTER)) return undefined;
  if (chars.length === 0 || startMs.length !== chars.length || durationMs.length !== chars.length) return undefined;
  return { chars, startMs, durationMs };
}

function isArrayOf(value: unknown, type: 'string'): value is string[];
function isArrayOf(value: unknown, type: 'number'): value is number[];
function isArrayOf(value: unknown, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}
