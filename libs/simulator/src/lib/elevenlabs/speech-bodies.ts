import type { ElevenLabsFault } from '../faults/fault';
import { integerBetween, type Random } from '../random';
import type { HttpExchange } from '../server/http-exchange';
import { httpAlignment, type HttpAlignment } from './http-alignment';
import type { SpeechRequest } from './speech-request';
import type { SpokenCharacter } from './spoken-characters';
import type { SpokenFrame } from './spoken-frames';
import { VoiceSegments } from './voice-segments';

/** What is answered to an admitted request. */
export interface SpeechAnswer {
  exchange: HttpExchange<ElevenLabsFault>;
  request: SpeechRequest;
  headers: Record<string, string>;
  random: Random;
}

/** Sends speech as one of the four kinds of body. */
export type SendSpeech = (answer: SpeechAnswer, frames: AsyncIterable<SpokenFrame>) => Promise<void>;

export const sendWhole: SendSpeech = async ({ exchange, request, headers }, frames) => {
  const pieces: Buffer[] = [];
  for await (const { pcm } of frames) pieces.push(request.format.encode(pcm));
  exchange.bytes(Buffer.concat(pieces), { ...headers, 'content-type': request.format.contentType });
};

/** Streams the audio in chunks that may be split within a sample, as a network would. */
export const sendStream: SendSpeech = async ({ exchange, request, headers, random }, frames) => {
  let held: Buffer = Buffer.alloc(0);
  let begun = false;
  for await (const { pcm } of frames) {
    if (!begun) exchange.head(200, { ...headers, 'content-type': request.format.contentType });
    begun = true;
    const bytes = Buffer.concat([held, request.format.encode(pcm)]);
    const cut = bytes.length - integerBetween(random, 0, 1);
    const length = exchange.scope.is('odd-chunks') && cut % 2 === 0 ? cut - 1 : cut;
    exchange.scope.send(bytes.subarray(0, length));
    held = bytes.subarray(length);
    if (exchange.scope.silent) return;
  }
  if (exchange.gone.aborted) return;
  if (!begun) exchange.head(200, { ...headers, 'content-type': request.format.contentType });
  if (held.length > 0) exchange.scope.send(held);
  exchange.end();
};

export const sendWholeWithTimestamps: SendSpeech = async ({ exchange, request, headers }, frames) => {
  const pieces: Buffer[] = [];
  const characters: SpokenCharacter[] = [];
  const segments = new VoiceSegments(request.lines);
  let atMs = 0;
  for await (const frame of frames) {
    pieces.push(request.format.encode(frame.pcm));
    characters.push(...shifted(frame.characters, atMs));
    segments.add(frame);
    atMs += frame.durationMs;
  }
  const alignment = httpAlignment(characters, exchange.scope.fault?.kind);
  exchange.json(200, timestamped(Buffer.concat(pieces), alignment, request.isDialogue ? segments : undefined), headers);
};

/** Streams one JSON object per chunk and line; times count from the start of the whole answer. */
export const sendStreamWithTimestamps: SendSpeech = async ({ exchange, request, headers }, frames) => {
  let atMs = 0;
  let before: readonly SpokenCharacter[] = [];
  for await (const frame of frames) {
    if (atMs === 0) exchange.head(200, { ...headers, 'content-type': 'application/json' });
    const segments = new VoiceSegments(request.lines, atMs);
    segments.add(frame);
    const characters = shifted(frame.characters, atMs);
    const alignment = httpAlignment(characters, exchange.scope.fault?.kind, before);
    before = characters.length > 0 ? characters : before;
    const chunk = timestamped(request.format.encode(frame.pcm), alignment, request.isDialogue ? segments : undefined);
    exchange.scope.send(`${JSON.stringify(chunk)}\n`);
    atMs += frame.durationMs;
    if (exchange.scope.silent) return;
  }
  if (atMs === 0) exchange.head(200, { ...headers, 'content-type': 'application/json' });
  if (!exchange.gone.aborted) exchange.end();
};

/** `segments`: of a dialogue. `alignment`: null when no character begins in the audio. */
function timestamped(audio: Buffer, alignment: HttpAlignment | null, segments: VoiceSegments | undefined): object {
  return {
    audio_base64: audio.toString('base64'),
    alignment,
    normalized_alignment: alignment,
    ...(segments && { voice_segments: segments.rows }),
  };
}

function shifted(characters: readonly SpokenCharacter[], byMs: number): SpokenCharacter[] {
  return characters.map(({ char, startMs, endMs }) => ({ char, startMs: startMs + byMs, endMs: endMs + byMs }));
}
