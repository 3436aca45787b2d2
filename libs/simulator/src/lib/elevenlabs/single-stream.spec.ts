import type { JsonObject } from '../server/json';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';

const QUERY = 'model_id=eleven_flash_v2_5&output_format=pcm_16000&sync_alignment=true';

describe('ElevenLabs stream-input', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  async function connect(query = QUERY): Promise<RawSocket> {
    const socket = await RawSocket.connect(`${simulator.urls.elevenLabs}/v1/text-to-speech/parley-ray/stream-input?${query}`, {
      'xi-api-key': 'good',
    });
    sockets.push(socket);
    return socket;
  }

  const chars = (frames: readonly JsonObject[]): string =>
    frames.flatMap(({ alignment }) => (alignment as { chars: string[] } | null | undefined)?.chars ?? []).join('');

  it('speaks one utterance, sends the final frame and closes', async () => {
    const socket = await connect();
    socket.send({ text: ' ', voice_settings: { stability: 0.5 } });
    socket.send({ text: 'Hello there. ' });
    socket.send({ text: 'How are you? ' });
    socket.send({ text: '' });
    expect((await socket.closed).code).toBe(1000);
    expect(chars(socket.frames)).toBe('Hello there. How are you? ');
    expect(socket.frames.at(-1)).toEqual({ audio: null, isFinal: true });
    expect(socket.frames.slice(0, -1).every((frame) => frame['isFinal'] === null && !('contextId' in frame))).toBe(true);
  });

  it('holds text until the schedule is reached, or a flush or the end comes', async () => {
    const socket = await connect();
    socket.send({ text: ' ' });
    socket.send({ text: 'Below one hundred and twenty. ' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(socket.frames).toEqual([]);
    socket.send({ text: 'Flushed. ', flush: true });
    await eventually(() => chars(socket.frames).endsWith('Flushed. '));
    socket.send({ text: 'x'.repeat(60), generator_config: { chunk_length_schedule: [50] } });
    await eventually(() => chars(socket.frames).endsWith('x'.repeat(60)));
  });

  it('voices each message at once in auto mode', async () => {
    const socket = await connect(`${QUERY}&auto_mode=true`);
    socket.send({ text: ' ' });
    socket.send({ text: 'At once. ' });
    await eventually(() => chars(socket.frames) === 'At once. ');
  });

  const audioMs = (frames: readonly JsonObject[]): number =>
    Buffer.concat(frames.flatMap(({ audio }) => (typeof audio === 'string' ? [Buffer.from(audio, 'base64')] : []))).length / 32;

  async function spokenMs(query: string, pieces: readonly string[], voiceSettings: object = {}): Promise<number> {
    const socket = await connect(query);
    socket.send({ text: ' ', voice_settings: voiceSettings });
    for (const text of [...pieces, '']) socket.send({ text });
    await socket.closed;
    return audioMs(socket.frames);
  }

  it('takes about 172 % of the time for text that comes word by word in auto mode, and no more without it', async () => {
    const words =
      'the quick brown fox jumps over the lazy dog and then it sleeps under an old tree until the morning comes. '.match(/\S+\s/g) ?? [];
    const whole = await spokenMs(`${QUERY}&auto_mode=true`, [words.join('')]);
    const ratio = (await spokenMs(`${QUERY}&auto_mode=true`, words)) / whole;
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(1.85);
    expect((await spokenMs(QUERY, words)) / whole).toBeCloseTo(1, 2);
  });

  it('speaks faster and slower as told', async () => {
    const normal = await spokenMs(QUERY, ['A sentence of some length. ']);
    expect((await spokenMs(QUERY, ['A sentence of some length. '], { speed: 0.8 })) / normal).toBeCloseTo(1 / 0.8, 1);
    expect((await spokenMs(QUERY, ['A sentence of some length. '], { speed: 1.2 })) / normal).toBeCloseTo(1 / 1.2, 1);
  });

  it('triggers generation early when asked to, if enough text is buffered and auto mode is off', async () => {
    const socket = await connect();
    socket.send({ text: ' ' });
    socket.send({ text: 'Short. ', try_trigger_generation: true });
    socket.send({ text: 'Now it is long enough for a try to succeed. ', try_trigger_generation: true });
    await eventually(() => chars(socket.frames).endsWith('succeed. '));
  });

  it('closes only behind the last audio', async () => {
    const socket = await connect();
    socket.send({ text: ' ' });
    socket.send({ text: 'One sentence. Another sentence. ' });
    socket.send({ text: '' });
    await socket.closed;
    expect(audioMs(socket.frames)).toBeCloseTo(('One sentence.Another sentence.'.length * 1000) / 15, -1);
    expect(simulator.counters.elevenLabs).toMatchObject({ contextsOpened: 1, contextsClosed: 1 });
  });

  it('is kept alive by a space', async () => {
    await simulator.close();
    simulator = await startQuickSimulator({ limits: { elevenLabsInactivityMs: 1_000 } });
    const socket = await connect();
    socket.send({ text: ' ' });
    const keepAlive = setInterval(() => socket.send({ text: ' ' }), 20);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    clearInterval(keepAlive);
    expect(socket.frames).toEqual([]);
    expect(await socket.next()).toMatchObject({ error: 'input_timeout_exceeded', code: 1008 });
    expect((await socket.closed).code).toBe(1008);
  });

  it.each([
    ['a first message that is not a space', [{ text: 'Hello. ' }], 'invalid_input_message'],
    ['late voice settings', [{ text: ' ' }, { text: 'Hi. ', voice_settings: { stability: 1 } }], 'invalid_voice_settings'],
    ['settings that do not exist', [{ text: ' ', voice_settings: { speed: 2 } }], 'invalid_voice_settings'],
    [
      'changed voice settings',
      [
        { text: ' ', voice_settings: { stability: 0.5 } },
        { text: 'Hi. ', voice_settings: { stability: 1 } },
      ],
      'invalid_voice_settings',
    ],
    ['a message without text', [{ text: ' ' }, { flush: true }], 'invalid_input_message'],
    ['text after the end', [{ text: ' ' }, { text: '' }, { text: 'Hi. ' }], 'invalid_input_message'],
    [
      'a schedule beyond 500 in a later message',
      [{ text: ' ' }, { text: 'Hi. ', generator_config: { chunk_length_schedule: [501] } }],
      'invalid_generation_config',
    ],
    [
      'a pronunciation dictionary in a later message',
      [{ text: ' ' }, { text: 'Hi. ', pronunciation_dictionary_locators: [] }],
      'invalid_input_message',
    ],
    ['too much text', [{ text: ' ' }, { text: 'Hi. ' }, { text: 'x'.repeat(39_997) }], 'max_character_limit_exceeded'],
    ['a schedule below 50', [{ text: ' ', generation_config: { chunk_length_schedule: [20] } }], 'invalid_generation_config'],
  ])('refuses %s', async (_name, messages, error) => {
    const socket = await connect();
    for (const message of messages) socket.send(message);
    expect((await socket.until((frame) => frame['error'] !== undefined)).at(-1)).toEqual({
      message: expect.any(String),
      error,
      code: 1008,
    });
    expect((await socket.closed).code).toBe(1008);
  });

  it('refuses the model v3', async () => {
    const socket = await connect('model_id=eleven_v3&output_format=pcm_16000');
    expect(await socket.next()).toMatchObject({ error: 'unsupported_model' });
  });
});
