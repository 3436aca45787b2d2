import type { JsonObject } from '../../server/json';
import type { SimulatorOptions } from '../../simulator';
import { toneHz } from '../../speech';
import { startQuickSimulator, type QuickSimulator } from '../../testing/quick-simulator';
import { eventually, RawSocket } from '../../testing/raw-socket';
import { pitchHz } from '../../testing/test-audio';

const QUERY = 'model_id=eleven_v3&output_format=pcm_16000&sync_alignment=true';
const CLARA = { voices: ['parley-clara'] };
const BOTH = { voices: ['parley-clara', 'parley-ray'] };

const clara = (text: string): object => ({ text, voice_id: 'parley-clara' });
const ray = (text: string): object => ({ text, voice_id: 'parley-ray' });
const isTurnFinal = (frame: JsonObject): boolean => frame['is_final_audio_for_turn'] === true;
const isFinal = (frame: JsonObject): boolean => frame['is_final'] === true;
const isError = (frame: JsonObject): boolean => frame['error'] !== undefined;
const textOf = (frames: readonly JsonObject[]): string =>
  frames.flatMap(({ alignment }) => (alignment as { chars: string[] } | undefined)?.chars ?? []).join('');
const audioOf = (frames: readonly JsonObject[]): Buffer =>
  Buffer.concat(frames.flatMap(({ audio }) => (typeof audio === 'string' ? [Buffer.from(audio, 'base64')] : [])));

describe('ElevenLabs dialogue sockets', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(() => start());

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
    simulator = await startQuickSimulator(options);
  }

  async function restart(options: Partial<SimulatorOptions>): Promise<void> {
    await simulator.close();
    await start(options);
  }

  async function connect(path: 'stream-input' | 'multi-stream-input', query = QUERY, key = 'good'): Promise<RawSocket> {
    const url = `${simulator.urls.elevenLabs}/v1/text-to-dialogue/${path}?${query}`;
    const socket = await RawSocket.connect(url, key === '' ? {} : { 'xi-api-key': key });
    sockets.push(socket);
    return socket;
  }

  const single = (query = QUERY, key?: string): Promise<RawSocket> => connect('stream-input', query, key);
  const multi = (query = QUERY): Promise<RawSocket> => connect('multi-stream-input', query);

  async function expectRefusal(socket: RawSocket, error: string, param?: string): Promise<void> {
    const frame = (await socket.until(isError)).at(-1);
    expect(frame).toEqual({ message: expect.any(String), error, code: 1008, ...(param === undefined ? {} : { param }) });
    expect((await socket.closed).code).toBe(1008);
  }

  describe('one dialogue', () => {
    it('speaks the lines of each voice in order, marks the turn’s end, and closes after the last audio', async () => {
      const socket = await single();
      socket.send(BOTH);
      socket.send({ inputs: [clara('Hello there. '), ray('And hello to you. ')] });
      socket.send({ flush: true });
      const turn = await socket.until(isTurnFinal);
      expect(turn.at(-1)).toEqual({ is_final_audio_for_turn: true });
      expect(textOf(turn)).toBe('Hello there. And hello to you. ');
      const audio = audioOf(turn);
      expect(pitchHz(audio.subarray(0, 8000))).toBeCloseTo(toneHz('parley-clara'), -1);
      expect(pitchHz(audio.subarray(-8000))).toBeCloseTo(toneHz('parley-ray'), -1);
      socket.send({ close_socket: true });
      expect((await socket.until(isFinal)).at(-1)).toEqual({ is_final: true });
      expect((await socket.closed).code).toBe(1000);
    });

    it('writes frames in snake case, without an alignment where no character begins or none is asked for', async () => {
      const socket = await single();
      socket.send({ ...CLARA, inputs: [clara('A sentence of some length. ')], flush: true });
      const [first, ...others] = (await socket.until(isTurnFinal)).slice(0, -1);
      expect(first).toEqual({
        audio: expect.any(String),
        alignment: { chars: expect.any(Array), char_start_times_ms: expect.any(Array), char_durations_ms: expect.any(Array) },
      });
      expect(others.some((frame) => !('alignment' in frame))).toBe(true);
      const plain = await single('output_format=pcm_16000');
      plain.send({ ...CLARA, inputs: [clara('A sentence. ')], flush: true });
      expect(Object.keys(await plain.next())).toEqual(['audio']);
    });

    it('holds text until it has forty characters and eight words', async () => {
      const socket = await single();
      socket.send({ ...CLARA, inputs: [clara('Extraordinarily incomprehensible considerations. ')] });
      socket.send({ inputs: [clara('One two three four. ')] });
      socket.send({ inputs: [clara('Now it is five. ')] });
      socket.send({ inputs: [clara('Held. ')] });
      await eventually(() => textOf(socket.frames).endsWith('five. '));
      expect(simulator.counters.elevenLabs.charactersBilled).toBe(84);
      socket.send({ close_socket: true });
      await socket.closed;
      expect(textOf(socket.frames)).toMatch(/five\. Held\. $/);
    });

    it.each([
      ['another voice follows', [clara('Short. '), ray('Held. ')]],
      ['a new turn follows', [clara('Short. '), { ...clara('Held. '), new_turn: true }]],
    ])('voices held text when %s', async (_name, inputs) => {
      const socket = await single();
      socket.send({ ...BOTH, inputs });
      await eventually(() => textOf(socket.frames) === 'Short. ');
      expect(simulator.counters.elevenLabs.charactersBilled).toBe(6);
    });

    it('marks the end of a turn once for each flush, even an empty one', async () => {
      const socket = await single();
      socket.send({ ...CLARA, flush: true });
      expect(await socket.until(isTurnFinal)).toHaveLength(1);
      socket.send({ inputs: [clara('One. ')], flush: true });
      socket.send({ inputs: [clara('Two. ')], flush: true });
      expect(textOf(await socket.until(isTurnFinal))).toBe('One. ');
      expect(textOf(await socket.until(isTurnFinal))).toBe('Two. ');
    });

    it('takes the key from the first message', async () => {
      const socket = await single(QUERY, '');
      socket.send({ ...CLARA, xi_api_key: 'good', flush: true });
      expect(isTurnFinal(await socket.next())).toBe(true);
      const keyless = await single(QUERY, '');
      keyless.send(CLARA);
      await expectRefusal(keyless, 'authentication_required');
    });

    it('is kept alive by keep_alive, and else ends', async () => {
      await restart({ limits: { elevenLabsInactivityMs: 1000 } });
      const socket = await single();
      socket.send(CLARA);
      const keepAlive = setInterval(() => socket.send({ keep_alive: true }), 20);
      await new Promise((resolve) => setTimeout(resolve, 1300));
      clearInterval(keepAlive);
      expect(socket.frames).toEqual([]);
      await expectRefusal(socket, 'input_timeout_exceeded');
    });

    const ELEVEN = Array.from({ length: 11 }, () => 'parley-clara');
    it.each<[name: string, query: string, messages: object[], error: string, param: string | undefined]>([
      ['a flash model', 'model_id=eleven_flash_v2_5', [], 'unsupported_model', 'model_id'],
      ['an unknown model', 'model_id=eleven_v9', [], 'model_not_found', 'model_id'],
      ['an unknown format', 'output_format=wav', [], 'invalid_output_format', 'output_format'],
      ['no voices', QUERY, [{ inputs: [clara('Hi. ')] }], 'invalid_input_message', 'voices'],
      ['an empty list of voices', QUERY, [{ voices: [] }], 'invalid_input_message', 'voices'],
      ['eleven voices', QUERY, [{ voices: ELEVEN }], 'invalid_input_message', 'voices'],
      ['two voices for the turbo model', 'model_id=eleven_v4_turbo&output_format=pcm_16000', [BOTH], 'invalid_input_message', 'voices'],
      [
        'two voices in conversation',
        'model_id=eleven_v3_conversational&output_format=pcm_16000',
        [BOTH],
        'invalid_input_message',
        'voices',
      ],
      ['an unknown voice', QUERY, [{ voices: ['nobody'] }], 'voice_not_found', 'voices'],
      ['a line of another voice', QUERY, [{ ...CLARA, inputs: [ray('Hi. ')] }], 'invalid_input_message', 'inputs'],
      ['voices again', QUERY, [CLARA, CLARA], 'invalid_input_message', 'voices'],
      [
        'voice settings again',
        QUERY,
        [
          { ...CLARA, voice_settings: { stability: 0.5 } },
          { voice_settings: { stability: 0.5 }, flush: true },
        ],
        'invalid_input_message',
        'voice_settings',
      ],
      [
        'a stability that v3 does not have',
        QUERY,
        [{ ...CLARA, voice_settings: { stability: 0.4 } }],
        'invalid_voice_settings',
        'voice_settings',
      ],
      ['inputs that are no list', QUERY, [{ ...CLARA, inputs: 'Hi. ' }], 'invalid_input_message', 'inputs'],
      ['an input without a voice', QUERY, [{ ...CLARA, inputs: [{ text: 'Hi. ' }] }], 'invalid_input_message', 'inputs'],
      ['a flush that is text', QUERY, [{ ...CLARA, flush: 'true' }], 'invalid_input_message', 'flush'],
      ['a message of the other sockets', QUERY, [{ text: ' ' }], 'invalid_input_message', undefined],
      ['too long a turn', QUERY, [{ ...CLARA, inputs: [clara('x'.repeat(5001))] }], 'max_character_limit_exceeded', 'inputs'],
    ])('refuses %s', async (_name, query, messages, error, param) => {
      const socket = await single(query);
      for (const message of messages) socket.send(message);
      await expectRefusal(socket, error, param);
      expect(simulator.counters.elevenLabs.charactersBilled).toBe(0);
    });

    it('takes any stability between 0 and 1 for v4, and the v4 turbo model one voice', async () => {
      const socket = await single('model_id=eleven_v4_turbo&output_format=pcm_16000&sync_alignment=true');
      socket.send({ ...CLARA, voice_settings: { stability: 0.4 }, inputs: [clara('Fine. ')], flush: true });
      expect(textOf(await socket.until(isTurnFinal))).toBe('Fine. ');
    });

    it('refuses text when the quota is used up', async () => {
      const socket = await single(QUERY, 'quota');
      socket.send(CLARA);
      socket.send({ inputs: [clara('Hi. ')] });
      await expectRefusal(socket, 'quota_exceeded');
    });
  });

  describe('several dialogues', () => {
    it('keeps contexts apart and ends each with its own final frames', async () => {
      const socket = await multi();
      for (const id of ['a', 'b']) socket.send({ ...CLARA, context_id: id, inputs: [clara(`This is ${id}. `)], flush: true });
      for (const id of ['a', 'b']) socket.send({ context_id: id, close_context: true });
      await socket.until(isFinal);
      await socket.until(isFinal);
      for (const id of ['a', 'b']) {
        const own = socket.frames.filter(({ context_id: of }) => of === id);
        expect(textOf(own)).toBe(`This is ${id}. `);
        expect(own.slice(-2)).toEqual([
          { is_final_audio_for_turn: true, context_id: id },
          { is_final: true, context_id: id },
        ]);
      }
    });

    it('drops held text when a context closes, and speaks it when the socket does', async () => {
      const socket = await multi();
      socket.send({ ...CLARA, context_id: 'a', inputs: [clara('Dropped. ')] });
      socket.send({ context_id: 'a', close_context: true });
      expect(await socket.until(isFinal)).toEqual([{ is_final: true, context_id: 'a' }]);
      socket.send({ ...CLARA, context_id: 'b', inputs: [clara('Spoken. ')] });
      socket.send({ close_socket: true });
      expect(textOf(await socket.until(isFinal))).toBe('Spoken. ');
      expect((await socket.closed).code).toBe(1000);
    });

    it('frees the id of a closed context at once, and needs voices for it again', async () => {
      const socket = await multi();
      socket.send({ ...CLARA, context_id: 'a' });
      socket.send({ context_id: 'a', close_context: true });
      socket.send({ context_id: 'a', close_context: true });
      await socket.until(isFinal);
      socket.send({ context_id: 'a', keep_alive: true });
      await expectRefusal(socket, 'invalid_input_message', 'voices');
    });

    it('needs the id of the context', async () => {
      const socket = await multi();
      socket.send(CLARA);
      await expectRefusal(socket, 'invalid_input_message', 'context_id');
    });

    it('allows five contexts and closes the socket at a sixth', async () => {
      const socket = await multi();
      for (const id of ['1', '2', '3', '4', '5', '6']) socket.send({ ...CLARA, context_id: id });
      await expectRefusal(socket, 'max_active_conversations');
      expect(simulator.counters.elevenLabs.contextsOpened).toBe(5);
    });

    it('ends when one context was idle for too long, though another was not', async () => {
      await restart({ limits: { elevenLabsInactivityMs: 1000 } });
      const socket = await multi();
      socket.send({ ...CLARA, context_id: 'idle' });
      socket.send({ ...CLARA, context_id: 'busy' });
      const keepAlive = setInterval(() => socket.send({ context_id: 'busy', keep_alive: true }), 20);
      const refused = expectRefusal(socket, 'input_timeout_exceeded');
      await refused.finally(() => clearInterval(keepAlive));
    });

    it('does not end while there is no context', async () => {
      await restart({ limits: { elevenLabsInactivityMs: 100 } });
      const socket = await multi();
      socket.send({ ...CLARA, context_id: 'a' });
      socket.send({ context_id: 'a', close_context: true });
      await socket.until(isFinal);
      await new Promise((resolve) => setTimeout(resolve, 150));
      socket.send({ ...CLARA, context_id: 'b', flush: true });
      expect(await socket.next()).toEqual({ is_final_audio_for_turn: true, context_id: 'b' });
    });
  });

  it('counts every open connection towards the concurrency limit, idle or not', async () => {
    await restart({ limits: { elevenLabsConcurrency: 1 } });
    const first = await single();
    await expectRefusal(await multi(), 'too_many_concurrent_requests');
    await first.close();
    await eventually(() => simulator.counters.elevenLabs.socketsOpen === 0);
    const next = await multi();
    next.send({ ...CLARA, context_id: 'a', flush: true });
    expect(isTurnFinal(await next.next())).toBe(true);
  });

  it('fails as it is told to', async () => {
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'dialogue-stream-input', fault: { kind: 'drop', afterFrames: 3 } });
    const socket = await single();
    socket.send({ ...CLARA, inputs: [clara('A long sentence that is cut off in the middle. ')], flush: true });
    expect((await socket.closed).code).toBe(1006);
    expect(socket.frames).toHaveLength(3);
  });
});
