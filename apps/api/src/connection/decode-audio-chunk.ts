import { parseWav, pcm16FromBytes, resamplePcm16 } from '@parley/audio';
import {
  type AudioChunk,
  checkInputAudio,
  FRAME_BYTES,
  FRAME_MS,
  INPUT_SAMPLE_RATE_HZ,
  MAX_AUDIO_MESSAGE_BYTES,
  MAX_FRAMES_PER_MESSAGE,
} from '@parley/protocol';

/** Audio of a client, or what is wrong with it. What takes time, resampling, is done when it is asked for. */
export type DecodedAudio =
  | { ok: true; durationMs: number; /** PCM s16 mono 16 kHz. */ toPcm: () => Int16Array }
  | { ok: false; code: 'invalid_audio' | 'unsupported_format'; message: string };

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** A WAV chunk may be of a higher rate and stereo, and has a header. */
const MAX_DECODED_BYTES = MAX_AUDIO_MESSAGE_BYTES * 8;
const MAX_DURATION_MS = MAX_FRAMES_PER_MESSAGE * FRAME_MS;
/** Beyond these a header is a mistake; it must not decide how much memory resampling takes. */
const MIN_WAV_RATE_HZ = 4_000;
const MAX_WAV_RATE_HZ = 192_000;

const invalid = (message: string): DecodedAudio => ({ ok: false, code: 'invalid_audio', message });
const EMPTY = invalid('The audio message is empty.');
const TOO_LONG = invalid('The audio message is longer than 2 seconds.');

/** The audio of a JSON client. */
export function decodeAudioChunk({ data, format }: AudioChunk): DecodedAudio {
  const kind = format.toLowerCase().replace(/\s+/g, '');
  const isPcm = kind === 'audio/pcm;rate=16000';
  if (!isPcm && kind !== 'audio/wav') {
    return { ok: false, code: 'unsupported_format', message: 'This server takes audio/pcm;rate=16000 and audio/wav.' };
  }
  if (data === '') return EMPTY;
  if (data.length > (MAX_DECODED_BYTES * 4) / 3) return TOO_LONG;
  if (data.length % 4 !== 0 || !BASE64.test(data)) return invalid('The audio is not valid base64.');
  const bytes = Buffer.from(data, 'base64');
  return isPcm ? decodePcm(bytes) : decodeWav(bytes);
}

function decodeWav(bytes: Uint8Array): DecodedAudio {
  const wav = parseWav(bytes);
  if (!wav.ok) return invalid('The audio is no WAV file with 16-bit PCM.');
  const { pcm, sampleRateHz } = wav;
  if (sampleRateHz < MIN_WAV_RATE_HZ || sampleRateHz > MAX_WAV_RATE_HZ) return invalid('The audio has no usable sample rate.');
  if (pcm.length === 0) return EMPTY;
  const durationMs = (pcm.length * 1000) / sampleRateHz;
  if (durationMs > MAX_DURATION_MS) return TOO_LONG;
  return { ok: true, durationMs, toPcm: () => resamplePcm16(pcm, sampleRateHz, INPUT_SAMPLE_RATE_HZ) };
}

/** Raw PCM as it came in a message. */
export function decodePcm(bytes: Uint8Array): DecodedAudio {
  switch (checkInputAudio(bytes.byteLength)) {
    case 'ok':
      return { ok: true, durationMs: (bytes.byteLength / FRAME_BYTES) * FRAME_MS, toPcm: () => pcm16FromBytes(bytes) };
    case 'empty':
      return EMPTY;
    case 'odd':
      return invalid('The audio has an odd number of bytes: 16-bit samples were expected.');
    case 'too_large':
      return TOO_LONG;
  }
}
