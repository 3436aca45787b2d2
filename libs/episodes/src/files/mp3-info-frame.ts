import { crc16 } from './crc16';

/** A whole MP3 stream of one channel, as it was encoded. */
export interface Mp3Stream {
  /** The first four bytes of a frame. */
  readonly frameHeader: Uint8Array;
  readonly sampleRateHz: number;
  readonly bitrateKbps: number;
  /** Samples that were encoded. */
  readonly samples: number;
  /** Bytes that came out, and their CRC-16. */
  readonly bytes: number;
  readonly crc: number;
}

/** Samples by which LAME delays the sound; decoders add their own 529. */
const ENCODER_DELAY = 576;
const PADDING_BIT = 0x02;
/** The field says that the numbers of frames and bytes follow. */
const FRAMES_AND_BYTES = 3;
const CONSTANT_BITRATE = 1;
/** LAME's part of the tag, and where in it the delays and the checks lie. */
const LAME_BYTES = 36;
const LAME = { method: 9, bitrate: 20, delays: 21, length: 28, streamCrc: 32, tagCrc: 34 };

/** Bytes of a frame without padding, such as the one that `infoFrame` makes. */
export function mp3FrameBytes({ sampleRateHz, bitrateKbps }: Pick<Mp3Stream, 'sampleRateHz' | 'bitrateKbps'>): number {
  return Math.floor((mp3FrameSamples(sampleRateHz) * bitrateKbps * 1000) / 8 / sampleRateHz);
}

/**
 * The frame that precedes the others of a file: silence for those who do not know it, and for others the exact duration, and how much silence
 * an encoder had to add at both ends (the `Info` tag of Xing, with LAME's extension). The encoder as a library does not write it. Without it,
 * captions and chapters would be late by 46 ms.
 */
export function infoFrame(stream: Mp3Stream): Uint8Array {
  const bytes = new Uint8Array(mp3FrameBytes(stream));
  const view = new DataView(bytes.buffer);
  bytes.set(stream.frameHeader.subarray(0, 4));
  bytes[2] &= ~PADDING_BIT;
  const tag = 4 + sideInformationBytes(stream.sampleRateHz);
  setText(bytes, tag, 'Info');
  view.setUint32(tag + 4, FRAMES_AND_BYTES);
  const frames = frameCount(stream);
  view.setUint32(tag + 8, frames);
  view.setUint32(tag + 12, stream.bytes + bytes.length);
  const lame = tag + 16;
  setText(bytes, lame, 'LAME3.100');
  bytes[lame + LAME.method] = CONSTANT_BITRATE;
  bytes[lame + LAME.bitrate] = stream.bitrateKbps;
  // Two numbers of 12 bits. The byte before is written again.
  const added = Math.max(0, frames * mp3FrameSamples(stream.sampleRateHz) - ENCODER_DELAY - stream.samples);
  view.setUint32(lame + LAME.delays - 1, (stream.bitrateKbps << 24) | (ENCODER_DELAY << 12) | Math.min(0xfff, added));
  view.setUint32(lame + LAME.length, stream.bytes + bytes.length);
  view.setUint16(lame + LAME.streamCrc, stream.crc);
  view.setUint16(lame + LAME.tagCrc, crc16(bytes.subarray(0, lame + LAME_BYTES - 2)));
  return bytes;
}

function frameCount({ bytes, sampleRateHz, bitrateKbps }: Mp3Stream): number {
  return Math.round((bytes * 8 * sampleRateHz) / (bitrateKbps * 1000) / mp3FrameSamples(sampleRateHz));
}

/** MPEG 1 has the rates from 32 kHz on, MPEG 2 those below. */
function isMpeg1(sampleRateHz: number): boolean {
  return sampleRateHz >= 32_000;
}

/** Samples that a frame stands for. */
export function mp3FrameSamples(sampleRateHz: number): number {
  return isMpeg1(sampleRateHz) ? 1152 : 576;
}

function sideInformationBytes(sampleRateHz: number): number {
  return isMpeg1(sampleRateHz) ? 17 : 9;
}

function setText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}
