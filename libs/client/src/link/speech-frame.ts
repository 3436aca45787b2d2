/** One binary message of speech, decoded. The receiver owns `pcm` and may transfer it. */
export interface SpeechFrame {
  turn: number;
  /** Position within the turn, from 0. */
  seq: number;
  /** The last frame of this turn's speech; its `pcm` may be empty. */
  last: boolean;
  /** PCM s16le, mono, at the output rate that `conversation_started` announced. */
  pcm: ArrayBuffer;
}

const HEADER_BYTES = 12;
const VERSION = 1;
const KIND_SPEECH = 1;
const FLAG_LAST = 1;

/**
 * Reads the 12-byte header of a binary message and takes the samples behind it.
 * Returns undefined for anything that is not a whole speech frame of this version: such a message is ignored, never an error.
 */
export function decodeSpeechFrame(message: ArrayBuffer): SpeechFrame | undefined {
  if (message.byteLength < HEADER_BYTES || (message.byteLength - HEADER_BYTES) % 2 !== 0) return undefined;
  const header = new DataView(message, 0, HEADER_BYTES);
  if (header.getUint8(0) !== VERSION || header.getUint8(1) !== KIND_SPEECH) return undefined;
  return {
    turn: header.getUint32(4, true),
    seq: header.getUint32(8, true),
    last: (header.getUint16(2, true) & FLAG_LAST) !== 0,
    pcm: message.slice(HEADER_BYTES),
  };
}
