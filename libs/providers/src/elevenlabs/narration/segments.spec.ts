import type { ServerResponse } from 'node:http';
import type { DialogueRequest, NarrationNotice, SegmentRequest } from '../../ports/narration';
import { collect } from '../../testing/collect';
import { type HttpServer, type ReceivedRequest, startHttpServer } from '../../testing/http-server';
import { ElevenLabsNarration, type ElevenLabsNarrationOptions } from './eleven-labs-narration';
import { BUILT_IN_MODELS } from './narration-models';

const SEGMENT: SegmentRequest = { voiceId: 'v1', model: 'eleven_flash_v2_5', text: 'One two.', sampleRateHz: 16_000 };
const DIALOGUE: DialogueRequest = {
  lines: [
    { voiceId: 'a', text: 'Hello.' },
    { voiceId: 'b', text: 'Hi!' },
  ],
  model: 'eleven_v3',
  sampleRateHz: 16_000,
};

const pcm = (ms: number): Buffer => Buffer.from(new Int16Array(ms * 16).fill(500).buffer);

/** One line of an answer, 50 ms a character from `fromMs` on. */
const line = (text: string, fromMs = 0, audio = pcm(text.length * 50)): Record<string, unknown> => ({
  audio_base64: audio.toString('base64'),
  alignment: {
    characters: Array.from(text),
    character_start_times_seconds: Array.from(text, (_, index) => (fromMs + index * 50) / 1000),
    character_end_times_seconds: Array.from(text, (_, index) => (fromMs + index * 50 + 50) / 1000),
  },
  normalized_alignment: null,
});

describe('narration over HTTP', () => {
  let server: HttpServer;
  let narration: ElevenLabsNarration;
  const waits: number[] = [];
  const notices: NarrationNotice[] = [];
  const never = () => new AbortController().signal;

  beforeEach(() => {
    waits.length = 0;
    notices.length = 0;
  });
  afterEach(async () => {
    await narration.close();
    await server.close();
  });

  async function start(
    answer: (response: ServerResponse, request: ReceivedRequest, index: number) => void,
    options: Partial<ElevenLabsNarrationOptions> = {},
  ): Promise<HttpServer> {
    let index = 0;
    server = await startHttpServer((request, response) => answer(response, request, index++));
    narration = new ElevenLabsNarration({
      apiKey: 'k',
      baseUrl: server.origin.replace('http', 'ws'),
      simulated: false,
      random: () => 0.5,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      ...options,
    });
    return server;
  }

  const lines = (response: ServerResponse, ...objects: object[]): void => {
    response.writeHead(200, { 'content-type': 'application/json', 'character-cost': '4' });
    response.end(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  };
  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const segment = (more: Partial<SegmentRequest> = {}) =>
    collect(narration.speakSegment({ ...SEGMENT, onNotice: (notice) => notices.push(notice), ...more }, never()));

  it('sends the text with its settings and neighbours, and converts the times', async () => {
    const { requests } = await start((response) => lines(response, line('One '), line('two.', 200)));
    const chunks = await segment({
      previousText: 'Before. ',
      nextText: ' After.',
      seed: 5,
      language: 'en-GB',
      settings: { stability: 0.3, similarity: 0.6, style: 0.1, speed: 0.9 },
    });
    expect(requests[0]?.url.pathname).toBe('/v1/text-to-speech/v1/stream/with-timestamps');
    expect(requests[0]?.url.searchParams.get('output_format')).toBe('pcm_16000');
    expect(requests[0]?.headers['xi-api-key']).toBe('k');
    expect(requests[0]?.body).toEqual({
      text: 'One two.',
      model_id: 'eleven_flash_v2_5',
      language_code: 'en',
      voice_settings: { stability: 0.3, similarity_boost: 0.6, style: 0.1, speed: 0.9 },
      seed: 5,
      previous_text: 'Before.',
      next_text: 'After.',
    });
    const alignment = chunks.flatMap((chunk) => (chunk.alignment ? [chunk.alignment] : []));
    expect(alignment.flatMap(({ chars }) => chars).join('')).toBe('One two.');
    expect(alignment.flatMap(({ startMs }) => startMs)).toEqual([0, 50, 100, 150, 200, 250, 300, 350]);
    expect(notices).toEqual(expect.arrayContaining([{ type: 'sent' }, { type: 'received' }, { type: 'billed', characters: 4 }]));
  });

  it('sends no neighbours to a model that does not take them', async () => {
    const { requests } = await start((response) => lines(response, line('One two.')));
    await segment({ model: 'eleven_v3', previousText: 'Before.', nextText: 'After.' });
    expect(requests[0]?.body).toEqual({ text: 'One two.', model_id: 'eleven_v3' });
  });

  it('sends the nearest stability to a model that takes three values only', async () => {
    const { requests } = await start((response) => lines(response, line('One two.')));
    await segment({ model: 'eleven_v3', settings: { stability: 0.7 } });
    expect(requests[0]?.body).toMatchObject({ voice_settings: { stability: 0.5 } });
  });

  it('joins samples that are divided between two lines', async () => {
    const whole = pcm(400);
    await start((response) => lines(response, line('One ', 0, whole.subarray(0, 5_001)), line('two.', 200, whole.subarray(5_001))));
    const chunks = await segment();
    const samples = chunks.flatMap((chunk) => [...chunk.pcm]);
    expect(samples).toHaveLength(6_400);
    expect(new Set(samples)).toEqual(new Set([500]));
  });

  it('waits as long as the vendor asks when there are too many requests', async () => {
    const busy = { detail: { status: 'too_many_concurrent_requests', message: 'Busy.' } };
    await start((response, _request, index) =>
      index === 0 ? json(response, 429, busy, { 'retry-after': '3' }) : lines(response, line('One two.')),
    );
    expect((await segment()).length).toBeGreaterThan(0);
    expect(waits).toEqual([3_000]);
  });

  it('tries again after 1, 2 and 4 s when the vendor fails, and then reports the failure', async () => {
    const { requests } = await start((response) => json(response, 503, {}));
    await expect(segment()).rejects.toMatchObject({ code: 'unavailable', provider: 'elevenlabs' });
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(requests).toHaveLength(4);
  });

  it.each([
    [401, { detail: { status: 'invalid_api_key' } }, 'auth'],
    [401, { detail: { status: 'quota_exceeded' } }, 'quota'],
    [422, { detail: [{ loc: ['body'], msg: 'wrong', type: 'value_error' }] }, 'invalid_request'],
    [400, { detail: { status: 'voice_not_found' } }, 'model_not_found'],
  ])('does not try again after status %i with %j', async (status, body, code) => {
    const { requests } = await start((response) => json(response, status, body));
    await expect(segment()).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  it('reports a body that breaks off, and does not request it again', async () => {
    const { requests } = await start((response) => {
      response.writeHead(200).write(`${JSON.stringify(line('One '))}\n`);
      setImmediate(() => response.destroy());
    });
    await expect(segment()).rejects.toMatchObject({ code: 'connection_lost' });
    expect(requests).toHaveLength(1);
  });

  it('reports a body that breaks off within a line', async () => {
    await start((response) => void response.writeHead(200).end(JSON.stringify(line('One two.')).slice(0, 50)));
    await expect(segment()).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('reports a body without audio', async () => {
    await start((response) => lines(response));
    await expect(segment()).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('reports a body that stalls, and ends the request', async () => {
    const { requests } = await start((response) => void response.writeHead(200).write(`${JSON.stringify(line('One '))}\n`), {
      gapTimeoutMs: 20,
    });
    await expect(segment()).rejects.toMatchObject({ code: 'timeout' });
    await expect(requests[0]?.ended).resolves.toBe(false);
  });

  it('refuses a text that is longer than the model takes', async () => {
    const { requests } = await start((response) => lines(response));
    await expect(segment({ model: 'eleven_multilingual_v2', text: 'word '.repeat(2_001) })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(requests).toHaveLength(0);
  });

  it('makes one dictionary for the same pronunciations, and names it in every request', async () => {
    const { requests } = await start((response, { url }) =>
      url.pathname.startsWith('/v1/pronunciation')
        ? json(response, 200, { id: 'd1', version_id: 'w1' })
        : lines(response, line('One two.')),
    );
    const pronunciations = [
      { word: 'Nguyen', say: 'Win', alphabet: 'spelling' as const },
      { word: 'two', say: 'tuː', alphabet: 'ipa' as const },
    ];
    await segment({ pronunciations });
    await segment({ pronunciations });
    expect(requests.map(({ url }) => url.pathname.split('/')[2])).toEqual([
      'pronunciation-dictionaries',
      'text-to-speech',
      'text-to-speech',
    ]);
    expect(requests[0]?.body).toMatchObject({
      rules: [
        { type: 'alias', string_to_replace: 'Nguyen', alias: 'Win' },
        { type: 'phoneme', string_to_replace: 'two', phoneme: 'tuː', alphabet: 'ipa' },
      ],
    });
    expect(requests[2]?.body).toMatchObject({
      pronunciation_dictionary_locators: [{ pronunciation_dictionary_id: 'd1', version_id: 'w1' }],
    });
  });

  describe('a dialogue', () => {
    const segments = [
      {
        voice_id: 'a',
        start_time_seconds: 0,
        end_time_seconds: 0.3,
        character_start_index: 0,
        character_end_index: 6,
        dialogue_input_index: 0,
      },
      {
        voice_id: 'b',
        start_time_seconds: 0.3,
        end_time_seconds: 0.45,
        character_start_index: 6,
        character_end_index: 9,
        dialogue_input_index: 1,
      },
    ];

    it('is divided where the vendor says that another line begins', async () => {
      const { requests } = await start((response) => lines(response, { ...line('Hello.Hi!'), voice_segments: segments }));
      const chunks = await collect(narration.speakDialogue({ ...DIALOGUE, stability: 0.5, previousText: 'x'.repeat(200) }, never()));
      expect(requests[0]?.url.pathname).toBe('/v1/text-to-dialogue/stream/with-timestamps');
      expect(requests[0]?.body).toEqual({
        inputs: [
          { text: 'Hello.', voice_id: 'a' },
          { text: 'Hi!', voice_id: 'b' },
        ],
        model_id: 'eleven_v3',
        settings: { stability: 0.5 },
        previous_text: 'x'.repeat(100),
      });
      const msOf = (index: number) => chunks.filter((chunk) => chunk.line === index).reduce((sum, chunk) => sum + chunk.pcm.length / 16, 0);
      expect([msOf(0), msOf(1)]).toEqual([300, 150]);
      const textOf = (index: number) => chunks.flatMap((chunk) => (chunk.line === index ? (chunk.alignment?.chars ?? []) : [])).join('');
      expect([textOf(0), textOf(1)]).toEqual(['Hello.', 'Hi!']);
    });

    it('has its lines found by their characters when the vendor does not say where they begin', async () => {
      await start((response) => lines(response, line('Hello.'), line('Hi!', 300)));
      const chunks = await collect(narration.speakDialogue(DIALOGUE, never()));
      expect(chunks[0]?.line).toBe(0);
      expect(chunks.at(-1)?.line).toBe(1);
    });
  });

  describe('the list of models', () => {
    it('is read, without what does not speak and what has another shape', async () => {
      const { requests } = await start((response) =>
        json(response, 200, [
          {
            model_id: 'eleven_flash_v2_5',
            name: 'Flash',
            maximum_text_length_per_request: 41_000,
            languages: [{ language_id: 'en', name: 'English' }],
            model_rates: { character_cost_multiplier: 0.4 },
          },
          { model_id: 'eleven_v3', name: 7, languages: 'all', maximum_text_length_per_request: 'many' },
          { model_id: 'eleven_english_sts_v2', can_do_text_to_speech: false },
          { model_id: 'eleven_v5_turbo' },
          { name: 'no id' },
          'text',
          null,
        ]),
      );
      const models = await narration.models(never());
      expect(models.map(({ id }) => id)).toEqual(['eleven_flash_v2_5', 'eleven_v3', 'eleven_v5_turbo']);
      expect(models[0]).toEqual({
        id: 'eleven_flash_v2_5',
        name: 'Flash',
        maxCharacters: 41_000,
        streamsText: true,
        speaksDialogue: false,
        languages: ['en'],
        costFactor: 0.4,
      });
      expect(models[1]).toMatchObject({ name: 'eleven_v3', maxCharacters: 5_000, streamsText: false, speaksDialogue: true });
      expect(models[2]).toMatchObject({ streamsText: false, speaksDialogue: false });
      expect(await narration.models(never())).toBe(models);
      expect(requests).toHaveLength(1);
    });

    it.each([
      ['does not answer', 500, {}],
      ['sends no list', 200, { models: 'none' }],
    ])('is built in when the vendor %s, and asked for again later', async (_name, status, body) => {
      const { requests } = await start((response) => json(response, status, body));
      expect(await narration.models(never())).toBe(BUILT_IN_MODELS);
      expect(await narration.models(never())).toBe(BUILT_IN_MODELS);
      expect(requests).toHaveLength(2);
      expect(waits).toEqual([]);
    });
  });

  it('lists the voices of all pages', async () => {
    await start((response, { url }) =>
      json(
        response,
        200,
        url.searchParams.has('next_page_token')
          ? { voices: [{ voice_id: 'b', name: null }], has_more: false }
          : { voices: [{ voice_id: 'a', name: 'Ada' }, { name: 'no id' }], has_more: true, next_page_token: 't' },
      ),
    );
    expect(await narration.voices(never())).toEqual([
      { id: 'a', name: 'Ada' },
      { id: 'b', name: 'b' },
    ]);
  });
});
