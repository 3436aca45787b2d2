import { accessOf } from '../access';
import { recordAbort } from '../counters';
import type { ElevenLabsFault, Endpoint } from '../faults/fault';
import { integerBetween, randomId } from '../random';
import type { HttpRoute } from '../server/http-router';
import type { HttpExchange } from '../server/http-exchange';
import { detail, refusalFor } from './elevenlabs-errors';
import { SpeechQueue } from './speech-queue';
import { parseSpeechRequest, type SpeechRequest } from './speech-request';
import type { SpokenCharacter } from './spoken-characters';
import type { SpokenFrame } from './spoken-frames';
import type { ElevenLabsDeps } from './vendor-deps';

const LARGEST_BODY_BYTES = 1_048_576;
/** The vendor keeps request ids for stitching for hours; here only this many are kept. */
const STITCHABLE = 1000;

interface Answer {
  exchange: HttpExchange<ElevenLabsFault>;
  request: SpeechRequest;
  headers: Record<string, string>;
}

/** The four HTTP speech endpoints: audio or audio with character times, each whole or streamed. */
export function speechRoutes(deps: ElevenLabsDeps): HttpRoute<ElevenLabsFault>[] {
  const requestIds = new Set<string>();

  const route = (
    endpoint: Endpoint<'elevenlabs'>,
    suffix: string,
    respond: (answer: Answer, frames: AsyncIterable<SpokenFrame>) => Promise<void>,
  ) => ({
    endpoint,
    method: 'POST' as const,
    path: new RegExp(`^/v1/text-to-speech/([^/]+)${suffix}$`),
    failure: { garbage: '<html>502 Bad Gateway</html>' },
    handle: (exchange: HttpExchange<ElevenLabsFault>, [voiceId = '']: readonly string[]) => serve(endpoint, exchange, voiceId, respond),
  });

  const serve = async (
    endpoint: string,
    exchange: HttpExchange<ElevenLabsFault>,
    voiceId: string,
    respond: (answer: Answer, frames: AsyncIterable<SpokenFrame>) => Promise<void>,
  ): Promise<void> => {
    const { tally, gauge, limits, random } = deps;
    const requestId = randomId(random, 20);
    const idHeaders = { 'request-id': requestId, 'x-region': 'simulator' };
    const refusal = refusalFor(accessOf(exchange.header('xi-api-key')));
    if (refusal) return exchange.json(refusal.status, refusal.body, idHeaders);
    const request = parseSpeechRequest(voiceId, exchange.url.searchParams, await exchange.text(LARGEST_BODY_BYTES), requestIds);
    if ('status' in request) return exchange.json(request.status, request.body, idHeaders);
    if (gauge.current >= limits.elevenLabsConcurrency) {
      const busy = detail(429, 'too_many_concurrent_requests', 'Too many concurrent requests.');
      return exchange.json(busy.status, busy.body, { ...idHeaders, ...concurrencyHeaders(deps) });
    }
    tally.charactersBilled += request.text.length;
    gauge.enter();
    const count = { bytes: 0, after: 0 };
    const headers = {
      ...idHeaders,
      ...concurrencyHeaders(deps),
      'character-cost': String(Math.ceil(request.text.length * request.model.costFactor)),
      'history-item-id': randomId(random, 20),
    };
    try {
      await respond({ exchange, request, headers }, counted(speak(deps, exchange, request), exchange, request, deps, count));
      if (!exchange.gone.aborted) remember(requestIds, requestId);
    } finally {
      gauge.leave();
      if (exchange.gone.aborted && !exchange.scope.silent) {
        recordAbort(tally, {
          endpoint,
          stopMs: performance.now() - exchange.goneAtMs,
          generated: count.bytes,
          generatedAfter: count.after,
        });
      }
    }
  };

  return [
    route('speech', '', sendWhole),
    route('speech-stream', '/stream', (answer, frames) => sendStream(answer, frames, deps)),
    route('speech-with-timestamps', '/with-timestamps', sendWholeWithTimestamps),
    route('speech-stream-with-timestamps', '/stream/with-timestamps', sendStreamWithTimestamps),
  ];
}

function speak(deps: ElevenLabsDeps, exchange: HttpExchange<ElevenLabsFault>, request: SpeechRequest): AsyncIterable<SpokenFrame> {
  const queue = new SpeechQueue({ ...deps, rateHz: request.format.rateHz }, exchange.gone);
  if (!exchange.scope.is('silence')) queue.say(request.text, { voice: request.voice });
  queue.end();
  return queue.frames();
}

async function* counted(
  frames: AsyncIterable<SpokenFrame>,
  exchange: HttpExchange<ElevenLabsFault>,
  { format }: SpeechRequest,
  { tally }: ElevenLabsDeps,
  count: { bytes: number; after: number },
): AsyncGenerator<SpokenFrame> {
  for await (const frame of frames) {
    const bytes = format.encode(frame.pcm).length;
    count.bytes += bytes;
    tally.audioBytes += bytes;
    if (exchange.gone.aborted) count.after += bytes;
    yield frame;
  }
}

async function sendWhole({ exchange, request, headers }: Answer, frames: AsyncIterable<SpokenFrame>): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const { pcm } of frames) pieces.push(request.format.encode(pcm));
  exchange.bytes(Buffer.concat(pieces), { ...headers, 'content-type': request.format.contentType });
}

/** Streams the audio in chunks that may be split within a sample, as a network would. */
async function sendStream(
  { exchange, request, headers }: Answer,
  frames: AsyncIterable<SpokenFrame>,
  { random }: ElevenLabsDeps,
): Promise<void> {
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
}

async function sendWholeWithTimestamps({ exchange, request, headers }: Answer, frames: AsyncIterable<SpokenFrame>): Promise<void> {
  const pieces: Buffer[] = [];
  const characters: SpokenCharacter[] = [];
  let atMs = 0;
  for await (const frame of frames) {
    pieces.push(request.format.encode(frame.pcm));
    characters.push(...shifted(frame.characters, atMs));
    atMs += frame.durationMs;
  }
  exchange.json(200, timestamped(Buffer.concat(pieces), characters), headers);
}

/** Streams one JSON object per chunk and line; times count from the start of the whole answer. */
async function sendStreamWithTimestamps({ exchange, request, headers }: Answer, frames: AsyncIterable<SpokenFrame>): Promise<void> {
  let atMs = 0;
  for await (const frame of frames) {
    if (atMs === 0) exchange.head(200, { ...headers, 'content-type': 'application/json' });
    exchange.scope.send(`${JSON.stringify(timestamped(request.format.encode(frame.pcm), shifted(frame.characters, atMs)))}\n`);
    atMs += frame.durationMs;
    if (exchange.scope.silent) return;
  }
  if (atMs === 0) exchange.head(200, { ...headers, 'content-type': 'application/json' });
  if (!exchange.gone.aborted) exchange.end();
}

/** HTTP uses seconds and end times, where the sockets use milliseconds and durations. */
function timestamped(audio: Buffer, characters: readonly SpokenCharacter[]): object {
  const alignment =
    characters.length === 0
      ? null
      : {
          characters: characters.map(({ char }) => char),
          character_start_times_seconds: characters.map(({ startMs }) => Math.round(startMs) / 1000),
          character_end_times_seconds: characters.map(({ endMs }) => Math.round(endMs) / 1000),
        };
  return { audio_base64: audio.toString('base64'), alignment, normalized_alignment: alignment };
}

function shifted(characters: readonly SpokenCharacter[], byMs: number): SpokenCharacter[] {
  return characters.map(({ char, startMs, endMs }) => ({ char, startMs: startMs + byMs, endMs: endMs + byMs }));
}

function concurrencyHeaders({ gauge, limits }: ElevenLabsDeps): Record<string, string> {
  return {
    'current-concurrent-requests': String(gauge.current),
    'maximum-concurrent-requests': String(limits.elevenLabsConcurrency),
  };
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > STITCHABLE && oldest !== undefined) ids.delete(oldest);
}
