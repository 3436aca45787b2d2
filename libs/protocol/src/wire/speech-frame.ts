/** Bytes before the PCM of a speech frame. */
export const SPEECH_FRAME_HEADER_BYTES = 12;

const FRAME_VERSION = 1;
const KIND_SPEECH = 1;
const FLAG_LAST = 1;
const MAX_U32 = 0xffff_ffff;

/** One binary message from the server: a piece of a turn's speech. */
export interface SpeechFrame {
  /** The turn (for narration: the segment) this speech belongs to. Unsigned 32-bit. */
  turn: number;
  /** Position within the turn, from 0. Unsigned 32-bit. */
  seq: number;
  /** Nothing of this turn's speech comes after this frame; its `pcm` may be empty. */
  last: boolean;
  /** PCM s16le, mono, at the announced output rate: always an even number of bytes, at any byte offset of its buffer. */
  pcm: Uint8Array;
}

/**
 * Writes the 12-byte header and a copy of the PCM into one new array, which belongs to the caller.
 * Throws a `RangeError` for what the format cannot express (a turn or seq that is no unsigned 32-bit integer, half a sample):
 * that is a defect of the sender, and a wrapped number would give the speech to another turn.
 */
export function encodeSpeechFrame({ turn, seq, last, pcm }: SpeechFrame): Uint8Array {
  if (!isU32(turn)) throw new RangeError('turn must be an unsigned 32-bit integer');
  if (!isU32(seq)) throw new RangeError('seq must be an unsigned 32-bit integer');
  if (pcm.byteLength % 2 !== 0) throw new RangeError('pcm must hold whole 16-bit samples');
  const bytes = new Uint8Array(SPEECH_FRAME_HEADER_BYTES + pcm.byteLength);
  bytes[0] = FRAME_VERSION;
  bytes[1] = KIND_SPEECH;
  bytes[2] = last ? FLAG_LAST : 0;
  writeU32(bytes, 4, turn);
  writeU32(bytes, 8, seq);
  bytes.set(pcm, SPEECH_FRAME_HEADER_BYTES);
  return bytes;
}

/**
 * Reads a speech frame; `undefined` for anything else (shorter than a header, another version or kind, half a sample).
 * Flags that this version does not know are ignored. The result's `pcm` is a view of `bytes`, not a copy.
 */
export function decodeSpeechFrame(bytes: Uint8Array): SpeechFrame | undefined {
  if (bytes.byteLength < SPEECH_FRAME_HEADER_BYTES || bytes.byteLength % 2 !== 0) return undefined;
  if (bytes[0] !== FRAME_VERSION || bytes[1] !== KIND_SPEECH) return undefined;
  return {
    turn: readU32(bytes, 4),
    seq: readU32(bytes, 8),
    last: (bytes[2] & FLAG_LAST) !== 0,
    pcm: bytes.subarray(SPEECH_FRAME_HEADER_BYTES),
  };
}

function isU32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_U32;
}

// Byte by byte: little-endian on every machine, at any offset, and no DataView per frame.
function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

function readU32(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] | (bytes[offset + 1] << 8) | (bytes[offset + 2] << 16) | (bytes[offset + 3] << 24)) >>> 0;
}
