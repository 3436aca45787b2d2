import { pcm16FromBytes } from '@parley/audio';
import { type AudioChunk, checkInputAudio, FRAME_BYTES, FRAME_MS, MAX_AUDIO_MESSAGE_BYTES } from '@parley/protocol';
import { type DecodedAudio, EMPTY, invalid, TOO_LONG } from './decoded-audio';
import type { InputMeter } from './input-meter';
import type { NewOpusDecoder } from './opus-decoder';
import { WavStream } from './wav-stream';
import { WebmStream } from './webm-stream';

export interface InputAudioOptions {
  newDecoder: NewOpusDecoder;
  meter: InputMeter;
  /** Called when accepted audio could not be decoded and is lost, which is the server's fault. */
  onFailure: (error: unknown) => void;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** A WAV chunk may be longer than PCM: it may have a higher sample rate and two channels, and it has a header. */
const MAX_DECODED_BYTES = MAX_AUDIO_MESSAGE_BYTES * 8;

const UNSUPPORTED: DecodedAudio = {
  ok: false,
  code: 'unsupported_format',
  message: 'This server takes audio/pcm;rate=16000, audio/wav and audio/webm with Opus.',
};

/** The formats by media type, without white space and in lower case. */
const FORMATS: ReadonlyMap<string, 'pcm' | 'wav' | 'webm'> = new Map([
  ['audio/pcm;rate=16000', 'pcm'],
  ['audio/wav', 'wav'],
  ['audio/webm', 'webm'],
  ['audio/webm;codecs=opus', 'webm'],
  ['audio/webm;codecs="opus"', 'webm'],
]);

/** Reads the audio of one client in any accepted format. Chunks of one format form one stream. Owned by the connection, which closes it. */
export class InputAudio {
  private readonly wav = new WavStream();
  private readonly webm: WebmStream;

  constructor({ newDecoder, meter, onFailure }: InputAudioOptions) {
    this.webm = new WebmStream(newDecoder, meter, onFailure);
  }

  /** Reads the audio of a binary message. */
  decodePcm(bytes: Uint8Array): DecodedAudio {
    switch (checkInputAudio(bytes.byteLength)) {
      case 'ok': {
        const durationMs = (bytes.byteLength / FRAME_BYTES) * FRAME_MS;
        return { ok: true, durationMs, costMs: Math.max(durationMs, FRAME_MS), deliver: (take) => take(pcm16FromBytes(bytes)) };
      }
      case 'empty':
        return EMPTY;
      case 'odd':
        return invalid('The audio has an odd number of bytes: 16-bit samples were expected.');
      case 'too_large':
        return TOO_LONG;
    }
  }

  /** Reads the audio of a JSON message. */
  decodeChunk({ data, format }: AudioChunk): DecodedAudio {
    const kind = FORMATS.get(format.toLowerCase().replace(/\s+/g, ''));
    if (kind === undefined) return UNSUPPORTED;
    if (data === '') return EMPTY;
    if (data.length > (MAX_DECODED_BYTES * 4) / 3) return TOO_LONG;
    if (data.length % 4 !== 0 || !BASE64.test(data)) return invalid('The audio is not valid base64.');
    const bytes = Buffer.from(data, 'base64');
    switch (kind) {
      case 'pcm':
        return this.decodePcm(bytes);
      case 'wav':
        return this.wav.decode(bytes);
      case 'webm':
        return this.webm.decode(bytes);
    }
  }

  close(): void {
    this.webm.close();
  }
}
