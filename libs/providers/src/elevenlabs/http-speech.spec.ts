import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AsyncQueue } from '../shared/async-queue';
import type { SpeechChunk, TtsSession } from '../ports/text-to-speech';
import { collect } from '../testing/collect';
import { startHttpServer, type HttpServer, type ReceivedRequest, trickle } from '../testing/http-server';
import { ElevenLabsTextToSpeech, type ElevenLabsTextToSpeechOptions } from './eleven-labs-text-to-speech';
import { HttpSpeech } from './http-speech';

async function* sentences(...texts: string[]) {
  yield* texts;
}

const samplesOf = (chunks: readonly SpeechChunk[]) => chunks.reduce((sum, { pcm }) => sum + pcm.length, 0);
const never = () => new AbortController().signal;

/** The test server does not support WebSocket upgrades, so every sentence goes over HTTP. */
describe('ElevenLabsTextToSpeech over HTTP', () => {
  let server: HttpServer;
  const sessions: TtsSession[] = [];

  // Loading the vendor's SDK takes long, so it is loaded before the first test.
  beforeAll(async () => void (await import('@elevenlabs/elevenlabs-js')), 60_000);

  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    await server.close();
  });

  async function create(
    answer: (request: ReceivedRequest, response: ServerResponse) => void,
    adapter: Partial<ElevenLabsTextToSpeechOptions> = {},
  ) {
    server = await startHttpServer(answer);
    const baseUrl = server.origin.replace('http', 'ws');
    return new ElevenLabsTextToSpeech({
      apiKey: 'key',
      baseUrl,
      voiceId: 'v1',
      modelId: 'eleven_flash_v2_5',
      simulated: true,
      random: () => 1,
      ...adapter,
    });
  }

  async function open(
    answer: (request: ReceivedRequest, response: ServerResponse) => void,
    adapter: Partial<ElevenLabsTextToSpeechOptions> = {},
  ) {
    const tts = await create(answer, adapter);
    const session = tts.open({ sampleRateHz: 24_000, language: 'hi-IN' }, never());
    sessions.push(session);
    return session;
  }

  /** Sends pieces of the given sizes in bytes, each in a write of its own. */
  async function bytes(response: ServerResponse, ...sizes: number[]): Promise<void> {
    response.writeHead(200, { 'content-type': 'audio/pcm' });
    for (const size of sizes) {
      response.write(Buffer.alloc(size, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it('sends one request for each sentence with the previous text, and carries odd bytes over to the next chunk', async () => {
    const session = await open((_request, response) => void bytes(response, 101, 1, 98).then(() => response.end()));
    const chunks = await collect(session.speak(sentences('Namaste.', 'How are you?'), never()));
    expect(samplesOf(chunks)).toBe(200);
    expect(server.requests).toMatchObject([
      { method: 'POST', headers: { 'xi-api-key': 'key' }, body: { text: 'Namaste.', model_id: 'eleven_flash_v2_5', language_code: 'hi' } },
      { body: { text: 'How are you?', previous_text: 'Namaste.' } },
    ]);
    expect(server.requests[0]?.url.pathname).toBe('/v1/text-to-speech/v1/stream');
    expect(server.requests[0]?.url.searchParams.get('output_format')).toBe('pcm_24000');
    expect(server.requests[0]?.body['voice_settings']).toEqual({ stability: 0.5, similarity_boost: 0.75 });
  });

  it('yields the audio of a sentence before the text has ended', async () => {
    const session = await open((_request, response) => void bytes(response, 100).then(() => response.end()));
    const text = new AsyncQueue<string>();
    text.push('One.');
    const chunks = session.speak(text, never())[Symbol.asyncIterator]();
    expect((await chunks.next()).value?.pcm.length).toBe(50);
    text.end();
    expect((await chunks.next()).done).toBe(true);
  });

  it('is used for models that the socket does not support, without a language or previous text', async () => {
    const session = await open((_request, response) => void bytes(response, 100).then(() => response.end()), { modelId: 'eleven_v3' });
    expect(samplesOf(await collect(session.speak(sentences('One.', 'Two.'), never())))).toBe(100);
    for (const { body } of server.requests) expect(Object.keys(body).sort()).toEqual(['model_id', 'text', 'voice_settings']);
  });

  /** The short timeout is for tests with a silent vendor; the long one keeps a slow test machine from causing a timeout elsewhere. */
  const SHORT_TIMEOUT_MS = 250;
  const LONG_TIMEOUT_MS = 60_000;

  it('gives up speech that comes a byte at a time, although there is never a long silence', async () => {
    const session = await open((_request, response) => trickle(response.writeHead(200), '\0\x01'), {
      firstAudioTimeoutMs: 100,
      gapTimeoutMs: LONG_TIMEOUT_MS,
      patienceMs: 200,
    });
    await expect(collect(session.speak(sentences('Hello.'), never()))).rejects.toMatchObject({ code: 'timeout' });
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it.each<[string, (response: ServerResponse) => void, { code: string; retryable?: boolean; retryAfterMs?: number }]>([
    [
      'the vendor is busy',
      (response) => response.writeHead(429, { 'retry-after': '1' }).end('{"detail":{"status":"system_busy"}}'),
      { code: 'rate_limited', retryAfterMs: 1_000 },
    ],
    [
      'the account is used up',
      (response) => response.writeHead(401).end('{"detail":{"status":"quota_exceeded"}}'),
      { code: 'quota', retryable: false },
    ],
    ['the request cannot be processed', (response) => response.writeHead(422).end('{"detail":[]}'), { code: 'invalid_request' }],
    ['there is no answer', () => undefined, { code: 'timeout', retryable: true }],
    ['only headers arrive', (response) => void bytes(response), { code: 'timeout', retryable: true }],
    ['the audio stops in the middle', (response) => void bytes(response, 100), { code: 'timeout', retryable: false }],
    [
      'the body breaks off',
      (response) => void bytes(response, 100, 0).then(() => response.destroy()),
      { code: 'connection_lost', retryable: false },
    ],
    ['the body is empty', (response) => void bytes(response).then(() => response.end()), { code: 'bad_response' }],
  ])('fails with the right error, without a second request, when %s', async (_name, answer, failure) => {
    const isTimeout = failure.code === 'timeout';
    const session = await open((_request, response) => answer(response), {
      firstAudioTimeoutMs: isTimeout && failure.retryable ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS,
      gapTimeoutMs: isTimeout ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS,
    });
    await expect(collect(session.speak(sentences('Hello.', 'Again.'), never()))).rejects.toMatchObject({
      provider: 'elevenlabs',
      ...failure,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('ends without an error and cancels the request when aborted', async () => {
    const session = await open((_request, response) => void bytes(response, 100));
    const controller = new AbortController();
    const chunks: SpeechChunk[] = [];
    for await (const chunk of session.speak(sentences('Hello.', 'Again.'), controller.signal)) {
      chunks.push(chunk);
      setImmediate(() => controller.abort());
    }
    expect(chunks).toHaveLength(1);
    expect(await server.requests[0]?.ended).toBe(false);
    expect(server.requests).toHaveLength(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('ends without an error and leaves no timer when aborted before the answer', async () => {
    const controller = new AbortController();
    const session = await open(() => controller.abort(), { modelId: 'eleven_v3' });
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    expect(await collect(session.speak(sentences('Hello.'), controller.signal))).toEqual([]);
    expect(await server.requests[0]?.ended).toBe(false);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('fails as unavailable when the vendor cannot be reached', async () => {
    const session = await open(() => undefined);
    await server.close();
    await expect(collect(session.speak(sentences('Hello.'), never()))).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('cancels the request when the consumer leaves the loop', async () => {
    const session = await open((_request, response) => void bytes(response, 100));
    for await (const chunk of session.speak(sentences('Hello.'), never())) {
      expect(chunk.pcm.length).toBe(50);
      break;
    }
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it('lists the voices of all pages', async () => {
    const tts = await create(({ url }, response) => {
      const second = url.searchParams.get('next_page_token') === 'p2';
      const voice = second ? { voice_id: 'b' } : { voice_id: 'a', name: 'Asha' };
      const body = { voices: [voice], has_more: !second, total_count: 2, ...(second ? {} : { next_page_token: 'p2' }) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    expect(await tts.voices(never())).toEqual([
      { id: 'a', name: 'Asha' },
      { id: 'b', name: 'b' },
    ]);
    expect(server.requests[0]?.url.pathname).toBe('/v2/voices');
  });

  describe('with a server that sends too much', () => {
    const json = { 'content-type': 'application/json' };

    /** Writes the same data again and again until the client disconnects. */
    function writeForEver(response: ServerResponse, data: string | Buffer): void {
      const more = (): void => {
        while (!response.destroyed && response.write(data));
        response.once('drain', more);
      };
      more();
    }

    it('stops reading audio that is longer than the sentence can be', async () => {
      const session = await open((_request, response) => writeForEver(response.writeHead(200), Buffer.alloc(48_000, 1)));
      const chunks: SpeechChunk[] = [];
      const speech = async (): Promise<void> => {
        for await (const chunk of session.speak(sentences('Namaste.'), never())) chunks.push(chunk);
      };
      await expect(speech()).rejects.toMatchObject({ code: 'bad_response', retryable: false });
      expect(samplesOf(chunks) / 24_000).toBeLessThan(10);
      expect(await server.requests[0]?.ended).toBe(false);
    });

    it('combines audio that arrives byte by byte into larger pieces', async () => {
      const session = await open((_request, response) => {
        response.writeHead(200);
        for (let i = 0; i < 9_600; i += 1) response.write(Buffer.of(i % 7));
        response.end();
      });
      const chunks = await collect(session.speak(sentences('Namaste.'), never()));
      expect(samplesOf(chunks)).toBe(4_800);
      expect(chunks.length).toBeLessThan(120);
    });

    it('rejects a list of voices that never ends', async () => {
      const tts = await create((_request, response) => writeForEver(response.writeHead(200, json), ' '.repeat(100_000)));
      await expect(tts.voices(never())).rejects.toMatchObject({ code: 'bad_response' });
      expect(await server.requests[0]?.ended).toBe(false);
    });

    it('limits the number of listed voices, the length of their names and the length of their ids', async () => {
      const voice = { voice_id: 'v', name: 'x'.repeat(1_000) };
      const tts = await create((_request, response) => {
        const voices = [{ voice_id: 'i'.repeat(1_000), name: 'odd' }, ...Array.from({ length: 5_000 }, () => voice)];
        response.writeHead(200, json).end(JSON.stringify({ voices, has_more: true, total_count: 5_001, next_page_token: 'p' }));
      });
      const listed = await tts.voices(never());
      expect(listed).toHaveLength(500);
      expect(new Set(listed.map(({ id, name }) => `${id} ${name.length}`))).toEqual(new Set(['v 200']));
    });

    it('gives up a list of voices that comes a byte at a time', async () => {
      server = await startHttpServer((_request, response) => trickle(response.writeHead(200, json), '{"voices":['));
      const http = new HttpSpeech({ apiKey: 'key', baseUrl: server.origin, listTimeoutMs: 300 });
      await expect(http.voices(never())).rejects.toMatchObject({ name: 'ProviderError' });
      expect(await server.requests[0]?.ended).toBe(false);
    });

    it('does not follow a redirect, which would send the API key to another address', async () => {
      const tts = await create((_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
      await expect(tts.voices(never())).rejects.toMatchObject({ code: 'unavailable' });
      expect(server.requests).toHaveLength(1);
    });

    it('reports a refused key even if the body of the refusal never ends', async () => {
      const tts = await create((_request, response) => writeForEver(response.writeHead(401), 'x'.repeat(10_000)));
      await expect(tts.voices(never())).rejects.toMatchObject({ code: 'auth' });
      expect(await server.requests[0]?.ended).toBe(false);
    });
  });

  it('can be prepared in advance without a request', async () => {
    const tts = await create((_request, response) => response.end());
    await tts.prepare();
    expect(server.requests).toHaveLength(0);
  });

  it('reports the reason when the voices cannot be listed', async () => {
    const tts = await create((_request, response) => response.writeHead(401).end('{"detail":{"status":"invalid_api_key"}}'));
    await expect(tts.voices(never())).rejects.toMatchObject({ name: 'ProviderError', code: 'auth' });
  });
});
