import { once } from 'node:events';
import { bytesFromPcm16 } from '@parley/audio';
import { wavHeader } from '@parley/episodes';
import type { HttpResponse } from './http-exchange';

/** A WAV file whose length is not known yet says the most that it can: players read on until the end. */
const UNKNOWN_SAMPLES = 0x7fff_ffff - 64;

/** Sends audio as it comes, as WAV, as fast as it is read. The generator ends when the signal that it was given aborts. */
export async function sendWav(
  response: HttpResponse,
  audio: AsyncIterable<Int16Array>,
  sampleRateHz: number,
  signal: AbortSignal,
): Promise<void> {
  response.status(200).set({ 'Content-Type': 'audio/wav', 'Cache-Control': 'no-store' });
  if (response.req.method === 'HEAD') return void response.end();
  response.write(wavHeader(UNKNOWN_SAMPLES, sampleRateHz));
  try {
    for await (const pcm of audio) {
      if (!response.write(bytesFromPcm16(pcm))) await once(response, 'drain', { signal });
    }
    signal.throwIfAborted();
    response.end();
  } catch {
    // It is not complete, and nothing but a broken connection says so.
    response.destroy();
  }
}

/** Aborts when the client has gone or the server ends. */
export function goneSignal(response: HttpResponse, ending: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, ending]);
}
