import { parseWav, pcm16FromBytes, resamplePcm16 } from '@parley/audio';
import { type AudioChunk, checkInputAudio, INPUT_SAMPLE_RATE_HZ, MAX_AUDIO_MESSAGE_BYTES } from '@parley/protocol';

export type DecodedAudio = { ok: true; pcm: Int16Array } | { ok: false; code: 'invalid_audio' | 'unsupported_format'; message: string };

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** A WAV chunk may be of a higher rate and stereo, and has a header. */
const MAX_DECODED_BYTES = MAX_AUDIO_MESSAGE_BYTES * 8;

const invalid = (message: string): DecodedAudio => ({ ok: false, code: 'invalid_audio', message });

/** The audio of a JSON client, as PCM s16 mono 16 kHz. */
export function decodeAudioChunk({ data, format }: AudioChunk): DecodedAudio {
  const kind = format.toLowerCase().replace(/\s+/g, '');
  const isPcm = kind === 'audio/pcm;rate=16000';
  if (!isPcm && kind !== 'audio/wav') {
    return { ok: false, code: 'unsupported_format', message: 'This server takes audio/pcm;rate=16000 and audio/wav.' };
  }
  if (data.length % 4 !== 0 || !BASE64.test(data)) return invalid('The audio is not valid base64.');
  if (data.length > (MAX_DECODED_BYTES * 4) / 3) return invalid('The audio is longer than 2 seconds.');
  const bytes = Buffer.from(data, 'base64');
  return isPcm ? checked(bytes) : decodeWav(bytes);
}

function decodeWav(bytes: Uint8Array): DecodedAudio {
  const wav = parseWav(bytes);
  if (!wav.ok) return invalid('The audio is no WAV file with 16-bit PCM.');
  const pcm = resamplePcm16(wav.pcm, wav.sampleRateHz, INPUT_SAMPLE_RATE_HZ);
  return checked(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
}

/** Raw PCM as it came in a message. */
export function checked(bytes: Uint8Array): DecodedAudio {
  switch (checkInputAudio(bytes.byteLength)) {
    case 'ok':
      return { ok: true, pcm: pcm16FromBytes(bytes) };
    case 'empty':
      return invalid('The audio message is empty.');
    case 'odd':
      return invalid('The audio has an odd number of bytes: 16-bit samples were expected.');
    case 'too_large':
      return invalid('The audio message is longer than 2 seconds.');
  }
}
