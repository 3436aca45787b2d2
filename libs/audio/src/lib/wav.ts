import { bytesFromPcm16 } from './pcm';

/**
 * - `not_wav`: no RIFF/WAVE header, or no `fmt ` chunk before the audio.
 * - `unsupported_encoding`: not 16-bit PCM.
 * - `unsupported_channels`: neither mono nor stereo.
 * - `no_audio`: there is no `data` chunk.
 */
export type WavError = 'not_wav' | 'unsupported_encoding' | 'unsupported_channels' | 'no_audio';

/** `pcm` is mono (stereo is mixed down) and owned by the caller. */
export type WavResult =
  { readonly ok: true; readonly pcm: Int16Array; readonly sampleRateHz: number } | { readonly ok: false; readonly error: WavError };

const HEADER_BYTES = 44;
const FORMAT_PCM = 1;
const FORMAT_EXTENSIBLE = 0xfffe;

interface Format {
  readonly encoding: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bitsPerSample: number;
}

/**
 * Reads a WAV file of 16-bit PCM, mono or stereo, at any rate. Other chunks are skipped; a `data` chunk that claims more than there is
 * (a recording that was streamed) ends with the bytes.
 */
export function parseWav(bytes: Uint8Array): WavResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') return failure('not_wav');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const tag = tagAt(view, at);
    const body = at + 8;
    const length = Math.min(view.getUint32(at + 4, true), bytes.byteLength - body);
    if (tag === 'fmt ') format = formatAt(view, body, length);
    if (tag === 'data') return format ? samplesOf(view, body, length, format) : failure('not_wav');
    at = body + length + (length % 2);
  }
  return failure(format ? 'no_audio' : 'not_wav');
}

/** A mono WAV file of 16-bit PCM. */
export function encodeWav(pcm: Int16Array, sampleRateHz: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + pcm.byteLength);
  const view = new DataView(bytes.buffer);
  writeTag(view, 0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + pcm.byteLength, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, FORMAT_PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, pcm.byteLength, true);
  bytes.set(bytesFromPcm16(pcm), HEADER_BYTES);
  return bytes;
}

function failure(error: WavError): WavResult {
  return { ok: false, error };
}

function formatAt(view: DataView, at: number, length: number): Format | undefined {
  if (length < 16) return undefined;
  const encoding = view.getUint16(at, true);
  return {
    // The extensible form keeps the real encoding in the first two bytes of a GUID.
    encoding: encoding === FORMAT_EXTENSIBLE && length >= 26 ? view.getUint16(at + 24, true) : encoding,
    channels: view.getUint16(at + 2, true),
    sampleRateHz: view.getUint32(at + 4, true),
    bitsPerSample: view.getUint16(at + 14, true),
  };
}

function samplesOf(view: DataView, at: number, length: number, format: Format): WavResult {
  const { channels, sampleRateHz } = format;
  if (format.encoding !== FORMAT_PCM || format.bitsPerSample !== 16) return failure('unsupported_encoding');
  if (channels !== 1 && channels !== 2) return failure('unsupported_channels');
  if (sampleRateHz === 0) return failure('not_wav');
  const pcm = new Int16Array(Math.floor(length / (2 * channels)));
  for (let i = 0; i < pcm.length; i++) {
    const frame = at + i * 2 * channels;
    const left = view.getInt16(frame, true);
    pcm[i] = channels === 1 ? left : Math.round((left + view.getInt16(frame + 2, true)) / 2);
  }
  return { ok: true, pcm, sampleRateHz };
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function writeTag(view: DataView, at: number, tag: string): void {
  for (let i = 0; i < tag.length; i++) view.setUint8(at + i, tag.charCodeAt(i));
}
