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
    ['a schedule below 50', [{ text: ' ', generation_config: { chunk_length_schedule: [20] } }], 'invalid_generation_config'],
  ])('refuses %s', async (_name, messages, error) => {
    const socket = await connect();
    for (const message of messages) socket.send(message);
    expect(await socket.next()).toMatchObject({ error, code: 1008 });
    expect((await socket.closed).code).toBe(1008);
  });

  it('refuses the model v3', async () => {
    const socket = await connect('model_id=eleven_v3&output_format=pcm_16000');
    expect(await socket.next()).toMatchObject({ error: 'unsupported_model' });
  });
});
