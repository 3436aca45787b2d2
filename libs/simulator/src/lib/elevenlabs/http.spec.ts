import type { JsonObject } from '../server/json';
import type { SimulatorOptions } from '../simulator';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';

const TEXT = 'Hello there. How are you?';
/** 15 characters a second at 16 kHz; the space between the sentences is not spoken. */
const AUDIO_BYTES = Math.round((12 / 15) * 16_000) * 2 + Math.round((12 / 15) * 16_000) * 2;

describe('ElevenLabs over HTTP', () => {
  let simulator: QuickSimulator;

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(() => simulator.close());

  async function restart(options: Partial<SimulatorOptions>): Promise<void> {
    await simulator.close();
    simulator = await startQuickSimulator(options);
  }

  function post(
    path: string,
    body: unknown = { text: TEXT, model_id: 'eleven_flash_v2_5' },
    key = 'good',
    signal?: AbortSignal,
  ): Promise<Response> {
    return fetch(`${simulator.urls.elevenLabs}/v1/text-to-speech/${path}`, {
      method: 'POST',
      headers: { 'xi-api-key': key, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  }

  const get = (path: string, key = 'good'): Promise<Response> =>
    fetch(`${simulator.urls.elevenLabs}${path}`, { headers: { 'xi-api-key': key } });

  it('answers with the whole audio and the vendor’s headers', async () => {
    const response = await post('parley-clara?output_format=pcm_16000');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/pcm',
      'content-length': String(AUDIO_BYTES),
      'request-id': expect.stringMatching(/^\w{20}$/),
      'character-cost': '13',
      'current-concurrent-requests': '1',
      'maximum-concurrent-requests': '10',
      'history-item-id': expect.any(String),
    });
    expect((await response.arrayBuffer()).byteLength).toBe(AUDIO_BYTES);
    expect(simulator.counters.elevenLabs).toMatchObject({ charactersBilled: 25, audioBytes: AUDIO_BYTES, requests: 1 });
  });

  it('streams the audio in chunks of irregular length', async () => {
    const response = await post('parley-clara/stream?output_format=pcm_16000');
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(3);
    expect(Buffer.concat(chunks).length).toBe(AUDIO_BYTES);
    const whole = Buffer.from(await (await post('parley-clara?output_format=pcm_16000')).arrayBuffer());
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
  });

  it('gives character times in seconds, in whole and streamed answers', async () => {
    const whole = (await (await post('parley-clara/with-timestamps?output_format=pcm_16000')).json()) as JsonObject;
    expect(Object.keys(whole)).toEqual(['audio_base64', 'alignment', 'normalized_alignment']);
    expect(Buffer.from(String(whole['audio_base64']), 'base64').length).toBe(AUDIO_BYTES);
    const alignment = whole['alignment'] as {
      characters: string[];
      character_start_times_seconds: number[];
      character_end_times_seconds: number[];
    };
    expect(alignment.characters.join('')).toBe(TEXT);
    expect(alignment.character_start_times_seconds[0]).toBe(0);
    expect(alignment.character_end_times_seconds.at(-1)).toBeCloseTo(1.6, 1);
    // "How" begins with the second sentence.
    expect(alignment.character_start_times_seconds[13]).toBeCloseTo(0.8, 2);

    const streamed = await (await post('parley-clara/stream/with-timestamps?output_format=pcm_16000')).text();
    const lines = streamed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    expect(lines.length).toBeGreaterThan(3);
    expect(Buffer.concat(lines.map((line) => Buffer.from(String(line['audio_base64']), 'base64'))).length).toBe(AUDIO_BYTES);
    const times = lines.flatMap((line) => (line['alignment'] as typeof alignment | null)?.character_start_times_seconds ?? []);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times).toHaveLength(TEXT.length);
  });

  it.each(['eleven_v3', 'eleven_v4', 'eleven_multilingual_v2'])('serves %s', async (model) => {
    expect((await post('parley-angus?output_format=ulaw_8000', { text: 'Hi.', model_id: model })).status).toBe(200);
  });

  it.each([
    ['a bad key', { text: TEXT }, '', 'bad', 401, 'invalid_api_key'],
    ['a used-up quota, with 401', { text: TEXT }, '', 'quota', 401, 'quota_exceeded'],
    ['too many requests', { text: TEXT }, '', 'rate', 429, 'too_many_concurrent_requests'],
    ['an unknown model', { text: TEXT, model_id: 'eleven_v9' }, '', 'good', 400, 'model_not_found'],
    ['too long a text', { text: 'x'.repeat(40_001) }, '', 'good', 400, 'max_character_limit_exceeded'],
    [
      'a language on multilingual v2',
      { text: TEXT, model_id: 'eleven_multilingual_v2', language_code: 'en' },
      '',
      'good',
      400,
      'unsupported_language',
    ],
    ['a format beyond the plan', { text: TEXT }, 'pcm_44100', 'good', 403, 'only_for_creator+'],
    ['MP3, for which there is no encoder here', { text: TEXT }, 'mp3_44100_128', 'good', 400, 'unsupported_output_format'],
    ['a text around it for v3', { text: TEXT, model_id: 'eleven_v3', previous_text: 'Hi.' }, '', 'good', 400, 'unsupported_model'],
    [
      'a stability that v3 does not have',
      { text: TEXT, model_id: 'eleven_v3', voice_settings: { stability: 0.4 } },
      '',
      'good',
      400,
      'invalid_ttd_stability',
    ],
    ['settings that do not exist', { text: TEXT, voice_settings: { speed: 2 } }, '', 'good', 400, 'invalid_voice_settings'],
    ['an unknown request to stitch to', { text: TEXT, previous_request_ids: ['nope'] }, '', 'good', 400, 'invalid_previous_request_ids'],
  ])('refuses %s', async (_name, body, format, key, status, code) => {
    const response = await post(`parley-clara?output_format=${format || 'pcm_16000'}`, body, key);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ detail: { status: code, message: expect.any(String) } });
    expect(simulator.counters.elevenLabs.charactersBilled).toBe(0);
  });

  it('refuses an unknown voice, and uses the other error envelope for bodies that do not fit the schema', async () => {
    const unknown = await post('nobody?output_format=pcm_16000');
    expect([unknown.status, await unknown.json()]).toEqual([400, { detail: { status: 'voice_not_found', message: expect.any(String) } }]);
    const missing = await post('parley-clara', {});
    expect([missing.status, await missing.json()]).toEqual([
      422,
      { detail: [{ loc: ['body', 'text'], msg: 'field required', type: 'value_error.missing' }] },
    ]);
    expect((await post('parley-clara', '{"text":')).status).toBe(422);
  });

  it('remembers the ids of complete requests for stitching', async () => {
    const first = await post('parley-clara?output_format=pcm_16000');
    await first.arrayBuffer();
    const id = first.headers.get('request-id');
    expect((await post('parley-clara?output_format=pcm_16000', { text: 'More.', previous_request_ids: [id] })).status).toBe(200);
  });

  it('limits the number of concurrent generations', async () => {
    await restart({ limits: { elevenLabsConcurrency: 1 }, latency: { ttsFirstChunkMs: 10_000 } });
    const aborter = new AbortController();
    const first = post('parley-clara?output_format=pcm_16000', undefined, 'good', aborter.signal).catch(() => undefined);
    await eventually(() => simulator.counters.elevenLabs.charactersBilled > 0);
    const second = await post('parley-clara?output_format=pcm_16000');
    expect(second.status).toBe(429);
    expect(await second.json()).toMatchObject({ detail: { status: 'too_many_concurrent_requests' } });
    expect(second.headers.get('maximum-concurrent-requests')).toBe('1');
    aborter.abort();
    await first;
    await eventually(() => simulator.counters.elevenLabs.aborts.length === 1);
    expect(simulator.counters.elevenLabs.aborts[0]).toMatchObject({ endpoint: 'speech', generatedAfter: 0 });
  });

  describe('when one request too many comes', () => {
    async function refused(): Promise<Response> {
      const response = await post('parley-clara?output_format=pcm_16000');
      expect(response.status).toBe(429);
      return response;
    }

    it('spells the refusal in two ways, which take turns', async () => {
      await restart({ limits: { elevenLabsConcurrency: 0 } });
      expect((await refused()).headers.has('retry-after')).toBe(false);
      expect(await (await refused()).json()).toEqual({
        detail: { type: 'rate_limit_error', code: 'concurrent_limit_exceeded', message: expect.any(String) },
      });
      expect(await (await refused()).json()).toEqual({ detail: { status: 'too_many_concurrent_requests', message: expect.any(String) } });
    });

    it('says when to try again, if told to', async () => {
      await restart({ limits: { elevenLabsConcurrency: 0, elevenLabsRetryAfterS: 2 } });
      expect((await refused()).headers.get('retry-after')).toBe('2');
    });

    it('counts text-to-speech sockets while they generate, and refuses their text too', async () => {
      await restart({ limits: { elevenLabsConcurrency: 1, elevenLabsSpeed: 1 } });
      const connect = (): Promise<RawSocket> => {
        const url = `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-ray/multi-stream-input?output_format=pcm_16000&auto_mode=true`;
        return RawSocket.connect(url, { 'xi-api-key': 'good' });
      };
      const [first, second] = [await connect(), await connect()];
      first.send({ text: ' ', context_id: 'a' });
      await eventually(() => simulator.counters.elevenLabs.contextsOpened === 1);
      const short = await post('parley-clara?output_format=pcm_16000', { text: 'Hi.' });
      expect(short.status).toBe(200);
      await short.arrayBuffer();
      first.send({ text: 'It takes its time to say all of this. ', context_id: 'a' });
      await first.next();
      await refused();
      second.send({ text: 'One too many. ', context_id: 'b' });
      expect(await second.next()).toMatchObject({ error: 'concurrent_limit_exceeded', code: 1008 });
      expect((await second.closed).code).toBe(1008);
      await first.close();
      await eventually(() => simulator.counters.elevenLabs.socketsOpen === 0);
      expect((await post('parley-clara?output_format=pcm_16000', { text: 'Hi.' })).status).toBe(200);
    });

    it('counts a socket no more when it has spoken', async () => {
      await restart({ limits: { elevenLabsConcurrency: 1 } });
      const url = `${simulator.urls.elevenLabs}/v1/text-to-dialogue/stream-input?output_format=pcm_16000`;
      const speech = `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-ray/multi-stream-input?output_format=pcm_16000&auto_mode=true`;
      const socket = await RawSocket.connect(speech, { 'xi-api-key': 'good' });
      socket.send({ text: 'Said. ', context_id: 'a' });
      await socket.next();
      await eventually(() => (simulator.counters.elevenLabs.audioBytes * 15) / 32_000 > 4.9);
      for (;;) {
        const response = await post('parley-clara?output_format=pcm_16000', { text: 'Hi.' });
        await response.arrayBuffer();
        if (response.status === 200) break;
      }
      const dialogue = await RawSocket.connect(url, { 'xi-api-key': 'good' });
      await eventually(() => simulator.counters.elevenLabs.socketsOpen === 2);
      expect((await refused()).status).toBe(429);
      dialogue.ws.terminate();
      socket.ws.terminate();
    });
  });

  it('stops generating when the client leaves in the middle of a stream', async () => {
    const aborter = new AbortController();
    const response = await post(
      'parley-clara/stream?output_format=pcm_16000',
      { text: 'A long story. '.repeat(100) },
      'good',
      aborter.signal,
    );
    await response.body?.getReader().read();
    aborter.abort();
    await eventually(() => simulator.counters.elevenLabs.aborts.length === 1);
    const { aborts, audioBytes } = simulator.counters.elevenLabs;
    expect(aborts[0]).toMatchObject({ endpoint: 'speech-stream', generated: audioBytes });
    expect(audioBytes).toBeLessThan(1000 * 2000);
  });

  it('lists voices page by page', async () => {
    const { voices, ...page } = (await (await get('/v2/voices?page_size=3')).json()) as { voices: JsonObject[]; next_page_token: string };
    expect(page).toEqual({ has_more: true, total_count: 4, next_page_token: '3' });
    expect(voices[0]).toMatchObject({ voice_id: 'parley-clara', name: 'Clara', category: 'premade' });
    const rest = (await (await get(`/v2/voices?page_size=3&next_page_token=${page.next_page_token}`)).json()) as JsonObject;
    expect(rest).toMatchObject({ has_more: false, next_page_token: null, voices: [{ name: 'Dot' }] });
  });

  it('describes models and the subscription', async () => {
    const models = (await (await get('/v1/models')).json()) as JsonObject[];
    expect(models.find(({ model_id: id }) => id === 'eleven_flash_v2_5')).toMatchObject({
      can_do_text_to_speech: true,
      maximum_text_length_per_request: 40_000,
      concurrency_group: 'turbo',
    });
    await (await post('parley-clara?output_format=pcm_16000')).arrayBuffer();
    expect(await (await get('/v1/user/subscription')).json()).toMatchObject({
      tier: 'creator',
      character_count: 25,
      character_limit: 100_000,
    });
    expect(await (await get('/v1/user/subscription', 'quota')).json()).toMatchObject({ character_count: 100_000 });
    expect((await get('/v1/user/subscription', 'bad')).status).toBe(401);
  });

  it('issues single-use tokens of the known kinds', async () => {
    const issue = (kind: string): Promise<Response> =>
      fetch(`${simulator.urls.elevenLabs}/v1/single-use-token/${kind}`, { method: 'POST', headers: { 'xi-api-key': 'good' } });
    expect(await (await issue('tts_websocket')).json()).toEqual({ token: expect.stringMatching(/^sutkn_\w{32}$/) });
    expect((await issue('anything')).status).toBe(400);
  });

  it('answers unknown paths as the vendor’s web framework does', async () => {
    const response = await get('/v1/nothing');
    expect([response.status, await response.json()]).toEqual([404, { detail: 'Not Found' }]);
  });

  describe('faults', () => {
    it('cuts every chunk at an odd length', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'odd-chunks' } });
      const response = await post('parley-clara/stream?output_format=pcm_16000');
      let total = 0;
      let firstLength = 0;
      for await (const chunk of response.body ?? []) {
        firstLength ||= chunk.length;
        total += chunk.length;
      }
      expect(firstLength % 2).toBe(1);
      expect(total).toBe(AUDIO_BYTES);
    });

    it('truncates the body', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'speech-stream', fault: { kind: 'drop', afterFrames: 2 } });
      const response = await post('parley-clara/stream?output_format=pcm_16000');
      await expect(response.arrayBuffer()).rejects.toThrow('terminated');
    });

    it('stalls in the middle of the body', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'stall', afterFrames: 1 } });
      const aborter = new AbortController();
      const response = await post('parley-clara/stream?output_format=pcm_16000', undefined, 'good', aborter.signal);
      const reader = response.body?.getReader();
      expect((await reader?.read())?.done).toBe(false);
      const rest = reader?.read();
      setTimeout(() => aborter.abort(), 30);
      await expect(rest).rejects.toThrow('aborted');
    });

    it('refuses with the vendor’s body, with and without Retry-After', async () => {
      simulator.faults.inject({
        vendor: 'elevenlabs',
        fault: { kind: 'refuse', status: 429, headers: { 'x-ratelimit-reset': '1795166400' } },
      });
      const response = await post('parley-clara?output_format=pcm_16000');
      expect(response.status).toBe(429);
      expect(response.headers.has('retry-after')).toBe(false);
      expect(response.headers.get('x-ratelimit-reset')).toBe('1795166400');
      expect(await response.json()).toMatchObject({ detail: { status: 'system_busy' } });
    });

    it('succeeds without audio', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'silence' } });
      expect((await (await post('parley-clara/stream?output_format=pcm_16000')).arrayBuffer()).byteLength).toBe(0);
    });
  });

  it('answers 500 when synthesis fails', async () => {
    await restart({
      synthesiser: { ready: Promise.resolve(), speak: () => Promise.reject(new Error('died')), close: () => Promise.resolve() },
    });
    const response = await post('parley-clara?output_format=pcm_16000');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ detail: { status: 'internal_server_error' } });
  });
});
