import { accessOf } from '../access';
import { recordAbort } from '../counters';
import type { ElevenLabsFault, Endpoint } from '../faults/fault';
import { randomId } from '../random';
import type { HttpRoute } from '../server/http-router';
import type { HttpExchange } from '../server/http-exchange';
import { parseDialogueRequest } from './dialogue/dialogue-request';
import { refusalFor, tooManyRequests, type ErrorAnswer } from './elevenlabs-errors';
import { spokenForm } from './pronunciation/spoken-form';
import { sendStream, sendStreamWithTimestamps, sendWhole, sendWholeWithTimestamps, type SendSpeech } from './speech-bodies';
import { SpeechQueue } from './speech-queue';
import { parseSpeechRequest, type RequestContext, type SpeechRequest } from './speech-request';
import type { SpokenFrame } from './spoken-frames';
import type { ElevenLabsDeps } from './vendor-deps';

const LARGEST_BODY_BYTES = 1_048_576;
/** The vendor keeps request ids for stitching for hours; here only this many are kept. */
const STITCHABLE = 1000;

/** The bodies that both families of endpoints offer, by the end of the path. */
const BODIES = [
  { suffix: '', path: '', send: sendWhole },
  { suffix: '-stream', path: '/stream', send: sendStream },
  { suffix: '-with-timestamps', path: '/with-timestamps', send: sendWholeWithTimestamps },
  { suffix: '-stream-with-timestamps', path: '/stream/with-timestamps', send: sendStreamWithTimestamps },
] as const;

/** Text to speech names the voice in its path. */
const FAMILIES = [
  {
    prefix: 'speech',
    path: '/v1/text-to-speech/([^/]+)',
    parse: (body: string | undefined, context: RequestContext, voiceId: string) => parseSpeechRequest(voiceId, body, context),
  },
  { prefix: 'dialogue', path: '/v1/text-to-dialogue', parse: parseDialogueRequest },
] as const;

type Parse = (body: string | undefined, context: RequestContext, voiceId: string) => SpeechRequest | ErrorAnswer;

/** The HTTP endpoints for speech and for dialogue: audio or audio with character times, each whole or streamed. */
export function speechRoutes(deps: ElevenLabsDeps): HttpRoute<ElevenLabsFault>[] {
  const requestIds = new Set<string>();

  const serve = async (
    endpoint: Endpoint<'elevenlabs'>,
    exchange: HttpExchange<ElevenLabsFault>,
    read: (body: string | undefined, context: RequestContext) => SpeechRequest | ErrorAnswer,
    send: SendSpeech,
  ): Promise<void> => {
    const { tally, gauge, limits, random } = deps;
    const requestId = randomId(random, 20);
    const idHeaders = { 'request-id': requestId, 'x-region': 'simulator' };
    const refusal = refusalFor(accessOf(exchange.header('xi-api-key')));
    if (refusal) return exchange.json(refusal.status, refusal.body, idHeaders);
    const request = read(await exchange.text(LARGEST_BODY_BYTES), {
      query: exchange.url.searchParams,
      requestIds,
      dictionaries: deps.dictionaries,
    });
    if ('status' in request) return exchange.json(request.status, request.body, idHeaders);
    const tooMany = gauge.refuse();
    if (tooMany) {
      const retryAfter: Record<string, string> =
        limits.elevenLabsRetryAfterS > 0 ? { 'retry-after': String(limits.elevenLabsRetryAfterS) } : {};
      const busy = tooManyRequests(tooMany);
      return exchange.json(busy.status, busy.body, { ...idHeaders, ...concurrencyHeaders(deps), ...retryAfter });
    }
    const text = request.lines.map((line) => line.text).join('');
    tally.charactersBilled += text.length;
    const { previousText, nextText, seed } = request;
    const record = tally.speech.add({
      endpoint,
      requestId,
      model: request.model.id,
      voiceIds: request.lines.map(({ voiceId }) => voiceId),
      text,
      ...(previousText !== undefined && { previousText }),
      ...(nextText !== undefined && { nextText }),
      ...(seed !== undefined && { seed }),
    });
    gauge.enter();
    const count = { bytes: 0, after: 0 };
    const headers = {
      ...idHeaders,
      ...concurrencyHeaders(deps),
      'character-cost': String(Math.ceil(text.length * request.model.costFactor)),
      'history-item-id': randomId(random, 20),
    };
    try {
      await send({ exchange, request, headers, random }, counted(speak(deps, exchange, request), exchange, request, deps, count));
      if (!exchange.gone.aborted) remember(requestIds, requestId);
      record.settle(exchange.gone.aborted || exchange.scope.silent ? 'aborted' : 'complete');
    } finally {
      record.settle('aborted');
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

  const route = (endpoint: Endpoint<'elevenlabs'>, path: string, parse: Parse, send: SendSpeech): HttpRoute<ElevenLabsFault> => ({
    endpoint,
    method: 'POST',
    path: new RegExp(`^${path}$`),
    failure: { garbage: '<html>502 Bad Gateway</html>', quota: refusalFor('quota') },
    handle: (exchange, [voiceId = '']) => serve(endpoint, exchange, (body, context) => parse(body, context, voiceId), send),
  });
  return FAMILIES.flatMap(({ prefix, path, parse }) =>
    BODIES.map((body) => route(`${prefix}${body.suffix}`, `${path}${body.path}`, parse, body.send)),
  );
}

function speak(deps: ElevenLabsDeps, exchange: HttpExchange<ElevenLabsFault>, request: SpeechRequest): AsyncIterable<SpokenFrame> {
  const { model, rules, format, speed } = request;
  const queue = new SpeechQueue({ ...deps, rateHz: format.rateHz, spokenForm: (text) => spokenForm(model, rules, text) }, exchange.gone);
  if (!exchange.scope.is('silence')) for (const [line, { text, voice }] of request.lines.entries()) queue.say(text, { voice, line, speed });
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
