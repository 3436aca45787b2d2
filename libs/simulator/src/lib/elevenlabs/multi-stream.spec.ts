import { decodeUlaw } from '@parley/audio';
import type { JsonObject } from '../server/json';
import type { SimulatorOptions } from '../simulator';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';

const GOOD = { 'xi-api-key': 'good' };
const QUERY = 'model_id=eleven_flash_v2_5&output_format=pcm_16000&auto_mode=true&sync_alignment=true';
/** 15 characters a second, as the tone synthesiser speaks. */
const BYTES_PER_CHARACTER = 32_000 / 15;

interface Alignment {
  chars: string[];
  charStartTimesMs: number[];
  charDurationsMs: number[];
}

describe('ElevenLabs multi-stream-input', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(() => start());

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
    simulator = await startQuickSimulator({ ...options, limits: { elevenLabsContextReleaseMs: 40, ...options.limits } });
  }

  async function restart(options: Partial<SimulatorOptions>): Promise<void> {
    await simulator.close();
    await start(options);
  }

  const url = (query = QUERY, voice = 'parley-clara'): string =>
    `${simulator.urls.elevenLabs}/v1/text-to-speech/${voice}/multi-stream-input?${query}`;

  async function connect(query = QUERY, headers: Record<string, string> = GOOD, voice = 'parley-clara'): Promise<RawSocket> {
    const socket = await RawSocket.connect(url(query, voice), headers);
    sockets.push(socket);
    return socket;
  }

  const isFinal = ({ isFinal: final }: JsonObject): boolean => final === true;
  const audioOf = (frames: readonly JsonObject[]): Buffer =>
    Buffer.concat(frames.flatMap(({ audio }) => (typeof audio === 'string' ? [Buffer.from(audio, 'base64')] : [])));

  /** Speaks one context to its end and returns its frames. */
  async function speak(socket: RawSocket, text: string, id = 't1'): Promise<JsonObject[]> {
    socket.send({ text: ' ', context_id: id });
    socket.send({ text, context_id: id, flush: true });
    socket.send({ context_id: id, close_context: true });
    return socket.until(isFinal);
  }

  it('sends a turn as audio frames and then a final frame', async () => {
    const socket = await connect();
    const frames = await speak(socket, 'Hello there. How are you? ');
    expect(frames.length).toBeGreaterThan(5);
    for (const frame of frames.slice(0, -1)) {
      expect(frame).toEqual({
        audio: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
        isFinal: null,
        normalizedAlignment: frame['alignment'],
        alignment: frame['alignment'],
        contextId: 't1',
      });
    }
    expect(frames.at(-1)).toEqual({ audio: null, isFinal: true, contextId: 't1' });
    const audio = audioOf(frames);
    expect(Math.abs(audio.length - 'Hello there.How are you?'.length * BYTES_PER_CHARACTER)).toBeLessThan(8);
    const sizes = new Set(frames.slice(0, -1).map((frame) => String(frame['audio']).length));
    expect(sizes.size).toBeGreaterThan(3);
    expect(simulator.counters.elevenLabs).toMatchObject({
      charactersBilled: 25,
      contextsOpened: 1,
      contextsClosed: 1,
      audioBytes: audio.length,
      byEndpoint: { 'multi-stream-input': 1 },
    });
  });

  it('aligns characters relative to each frame, and sends some frames without alignment', async () => {
    const socket = await connect();
    const text = 'Hello there. How are you today? ';
    const frames = (await speak(socket, text)).slice(0, -1);
    const alignments = frames.map(({ alignment }) => alignment as Alignment | null);
    expect(alignments).toContain(null);
    expect(alignments.flatMap((alignment) => alignment?.chars ?? []).join('')).toBe(text);
    for (const [i, alignment] of alignments.entries()) {
      const frameMs = Buffer.from(String(frames[i]?.['audio']), 'base64').length / 32;
      const lastOfSentence = alignment?.chars.at(-1) === ' ';
      for (const startMs of alignment?.charStartTimesMs ?? []) expect(lastOfSentence || startMs <= frameMs).toBe(true);
      expect(alignment === null || alignment.charDurationsMs.every((durationMs) => durationMs >= 0)).toBe(true);
    }
  });

  it('sends no alignment unless asked', async () => {
    const frames = await speak(await connect('output_format=pcm_16000&auto_mode=true'), 'Hello. ');
    expect(frames.slice(0, -1).every(({ alignment, normalizedAlignment }) => alignment === null && normalizedAlignment === null)).toBe(
      true,
    );
  });

  it.each([
    ['pcm_24000', 48_000],
    ['pcm_8000', 16_000],
    ['ulaw_8000', 8000],
    ['alaw_8000', 8000],
  ])('honours output_format %s', async (format, bytesPerSecond) => {
    const frames = await speak(await connect(`output_format=${format}&auto_mode=true`), 'Fifteen letters');
    const seconds = audioOf(frames).length / bytesPerSecond;
    // One second, and the pause after a message that stops in the middle of a sentence.
    expect(seconds).toBeCloseTo(1.12, 2);
    if (format === 'ulaw_8000') expect(Math.max(...decodeUlaw(audioOf(frames)))).toBeGreaterThan(7000);
  });

  it('keeps the audio of different contexts apart', async () => {
    const socket = await connect();
    for (const id of ['a', 'b']) socket.send({ text: `This is ${id}. `, context_id: id });
    socket.send({ context_id: 'a', close_context: true });
    socket.send({ context_id: 'b', close_context: true });
    await socket.until(isFinal);
    await socket.until(isFinal);
    for (const id of ['a', 'b']) {
      const own = socket.frames.filter(({ contextId }) => contextId === id);
      expect(own.filter(isFinal)).toHaveLength(1);
      expect(own.flatMap(({ alignment }) => (alignment as Alignment | null)?.chars ?? []).join('')).toBe(`This is ${id}. `);
    }
  });

  it('voices every message by itself in auto mode, so that fragmented text takes longer', async () => {
    const whole = audioOf(await speak(await connect(), 'one two three four. ')).length;
    const socket = await connect();
    for (const word of ['one ', 'two ', 'three ', 'four. ']) socket.send({ text: word, context_id: 't1' });
    socket.send({ context_id: 't1', close_context: true });
    expect(audioOf(await socket.until(isFinal)).length).toBeGreaterThan(whole + 3 * 0.12 * 32_000 - 3 * BYTES_PER_CHARACTER - 8);
  });

  describe('without auto mode', () => {
    const BUFFERED = 'output_format=pcm_16000&sync_alignment=true';
    const chars = (frames: readonly JsonObject[]): string =>
      frames.flatMap(({ alignment }) => (alignment as Alignment | null)?.chars ?? []).join('');

    it('holds text until the schedule is reached', async () => {
      const socket = await connect(BUFFERED);
      socket.send({ text: ' ', context_id: 't1', generation_config: { chunk_length_schedule: [50, 100] } });
      socket.send({ text: 'Too short to be voiced. ', context_id: 't1' });
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(socket.frames).toEqual([]);
      socket.send({ text: 'But now there is enough of it. ', context_id: 't1' });
      socket.send({ text: 'This is below one hundred. ', context_id: 't1' });
      await eventually(() => chars(socket.frames).endsWith('enough of it. '));
      socket.send({ context_id: 't1', flush: true });
      await eventually(() => chars(socket.frames).endsWith('below one hundred. '));
      expect(socket.frames.some(isFinal)).toBe(false);
    });

    it('drops buffered text that was not flushed when the context closes', async () => {
      const socket = await connect(BUFFERED);
      socket.send({ text: 'Never heard. ', context_id: 't1' });
      socket.send({ context_id: 't1', close_context: true });
      expect(await socket.until(isFinal)).toHaveLength(1);
      expect(simulator.counters.elevenLabs).toMatchObject({ charactersBilled: 0, audioBytes: 0, contextsCancelled: 0 });
    });

    it('triggers generation early when asked to, if enough text is buffered', async () => {
      const socket = await connect(BUFFERED);
      socket.send({ text: 'Short. ', context_id: 't1', try_trigger_generation: true });
      socket.send({ text: 'Now it is long enough for a try to succeed. ', context_id: 't1', try_trigger_generation: true });
      await eventually(() => chars(socket.frames).endsWith('succeed. '));
    });

    it('accepts text in the same message as a flush', async () => {
      const socket = await connect(BUFFERED);
      socket.send({ text: 'Said at once. ', context_id: 't1', flush: true });
      socket.send({ context_id: 't1', close_context: true });
      expect(chars(await socket.until(isFinal))).toBe('Said at once. ');
    });
  });

  it('continues sending after close_context, and frees the id at once', async () => {
    const socket = await connect();
    socket.send({ text: 'A rather long sentence that takes its time to be spoken. ', context_id: 't1' });
    await socket.next();
    socket.send({ context_id: 't1', close_context: true });
    socket.send({ text: 'Next. ', context_id: 't2' });
    await socket.until(isFinal);
    await eventually(() => socket.frames.some(({ contextId }) => contextId === 't2'));
    expect(simulator.counters.elevenLabs.contextsCancelled).toBe(1);
    expect(simulator.counters.elevenLabs.bytesAfterCancel).toBeGreaterThan(0);
    socket.send({ text: 'Again. ', context_id: 't1' });
    await eventually(() => simulator.counters.elevenLabs.contextsOpened === 3);
  });

  it('ignores a close_context that is false or names no open context', async () => {
    const socket = await connect();
    socket.send({ text: 'Ignored. ', context_id: 't1', close_context: false });
    socket.send({ context_id: 't1', close_context: true });
    socket.send({ text: 'Heard. ', context_id: 't1' });
    await socket.next();
    expect(simulator.counters.elevenLabs).toMatchObject({ contextsOpened: 1, contextsClosed: 0, charactersBilled: 6 });
  });

  it('uses a default context when the message names none', async () => {
    const socket = await connect();
    socket.send({ text: 'Hello. ' });
    expect(await socket.next()).toMatchObject({ contextId: 'default' });
  });

  it('allows five contexts, counts closed ones for a little longer, and closes the socket at a sixth', async () => {
    await restart({ limits: { elevenLabsContextReleaseMs: 60 } });
    const socket = await connect();
    for (let i = 0; i < 5; i++) socket.send({ text: ' ', context_id: `t${i}` });
    socket.send({ context_id: 't0', close_context: true });
    await socket.until(isFinal);
    await new Promise((resolve) => setTimeout(resolve, 80));
    socket.send({ text: ' ', context_id: 't5' });
    await eventually(() => simulator.counters.elevenLabs.contextsOpened === 6);
    socket.send({ context_id: 't1', close_context: true });
    socket.send({ text: ' ', context_id: 't6' });
    expect((await socket.until(({ error }) => error !== undefined)).at(-1)).toEqual({
      message: expect.any(String),
      error: 'max_active_conversations',
      code: 1008,
    });
    expect((await socket.closed).code).toBe(1008);
    await eventually(() => simulator.counters.elevenLabs.contextsClosed === 6);
  });

  it.each([
    ['a flush', { context_id: 'x', flush: true }],
    ['a keep-alive', { context_id: 'x', text: '' }],
  ])('opens an unintended context for %s on an unknown id, and fixes its voice settings', async (_name, message) => {
    const socket = await connect();
    socket.send(message);
    await eventually(() => simulator.counters.elevenLabs.contextsOpened === 1);
    socket.send({ text: ' ', context_id: 'x', voice_settings: { stability: 0.5 } });
    expect(await socket.next()).toMatchObject({ error: 'invalid_voice_settings', code: 1008 });
  });

  it('accepts the same voice settings again, but not different ones', async () => {
    const socket = await connect();
    const settings = { stability: 0.5, similarity_boost: 0.8, use_speaker_boost: false };
    socket.send({ text: ' ', context_id: 't1', voice_settings: settings });
    socket.send({ text: 'One. ', context_id: 't1', voice_settings: { similarity_boost: 0.8, stability: 0.5, use_speaker_boost: false } });
    expect(await socket.next()).toMatchObject({ isFinal: null });
    socket.send({ text: 'Two. ', context_id: 't1', voice_settings: { ...settings, stability: 0.6 } });
    expect((await socket.until(({ error }) => error !== undefined)).at(-1)).toMatchObject({ error: 'invalid_voice_settings' });
    expect((await socket.closed).code).toBe(1008);
  });

  it.each([
    ['not JSON', 'hello', 'invalid_input_message'],
    ['not an object', '["text"]', 'invalid_input_message'],
    ['empty', '{}', 'invalid_input_message'],
    ['text that is a number', '{"text":5}', 'invalid_input_message'],
    ['flush that is a string', '{"context_id":"a","flush":"true"}', 'invalid_input_message'],
    ['voice settings that are a list', '{"text":" ","voice_settings":[1]}', 'invalid_input_message'],
    ['a schedule below 50', '{"text":" ","generation_config":{"chunk_length_schedule":[20,100]}}', 'invalid_generation_config'],
    ['a schedule beyond 500', '{"text":" ","generation_config":{"chunk_length_schedule":[501]}}', 'invalid_generation_config'],
  ])('closes the whole socket for a message that is %s', async (_name, text, error) => {
    const socket = await connect();
    socket.send(text);
    expect(await socket.next()).toEqual({ message: expect.any(String), error, code: 1008 });
    const { code, reason } = await socket.closed;
    expect(code).toBe(1008);
    expect(reason).toBe(socket.frames[0]?.['message']);
  });

  it.each([
    ['an unknown voice', QUERY, 'nobody', 'voice_not_found'],
    ['an unknown model', 'model_id=eleven_v1', 'parley-clara', 'model_not_found'],
    ['v3', 'model_id=eleven_v3', 'parley-clara', 'unsupported_model'],
    ['v4 turbo', 'model_id=eleven_v4_turbo', 'parley-clara', 'unsupported_model'],
    ['a language on multilingual v2', 'model_id=eleven_multilingual_v2&language_code=en', 'parley-clara', 'unsupported_language'],
    ['a language that is no ISO 639-1 code', 'language_code=en-IN', 'parley-clara', 'unsupported_language'],
    ['MP3, for which there is no encoder here', 'output_format=mp3_44100_128', 'parley-clara', 'unsupported_output_format'],
    ['a format beyond the plan', 'output_format=pcm_44100', 'parley-clara', 'only_for_creator+'],
    ['an unknown format', 'output_format=wav', 'parley-clara', 'invalid_output_format'],
    ['too long an inactivity timeout', 'output_format=pcm_16000&inactivity_timeout=181', 'parley-clara', 'invalid_inactivity_timeout'],
  ])('refuses %s', async (_name, query, voice, error) => {
    const socket = await connect(query, GOOD, voice);
    expect(await socket.next()).toMatchObject({ error, code: 1008 });
    expect((await socket.closed).code).toBe(1008);
  });

  it('speaks with a stock voice that the account does not list', async () => {
    expect((await speak(await connect(QUERY, GOOD, '21m00Tcm4TlvDq8ikWAM'), 'Hi. ')).length).toBeGreaterThan(1);
  });

  describe('access', () => {
    it('refuses a bad key at the upgrade', async () => {
      expect(await RawSocket.refused(url(), { 'xi-api-key': 'bad' })).toMatchObject({
        status: 401,
        body: { detail: { status: 'invalid_api_key', message: expect.any(String) } },
      });
    });

    it.each([
      ['xi-api-key', 'good'],
      ['xi_api_key', 'good'],
      ['authorization', 'Bearer good'],
    ])('accepts a key in the first message (%s)', async (name, key) => {
      const socket = await connect(QUERY, {});
      socket.send({ text: 'Hello. ', context_id: 't1', [name]: key });
      expect(await socket.next()).toMatchObject({ contextId: 't1' });
    });

    it.each([
      ['none', {}, 'authentication_required'],
      ['a bad one', { xi_api_key: 'bad' }, 'invalid_api_key'],
    ])('closes when the first message has to bring a key and brings %s', async (_name, fields, error) => {
      const socket = await connect(QUERY, {});
      socket.send({ text: ' ', context_id: 't1', ...fields });
      expect(await socket.next()).toMatchObject({ error, code: 1008 });
      expect((await socket.closed).code).toBe(1008);
    });

    it('opens one socket per single-use token', async () => {
      const response = await fetch(`${simulator.urls.elevenLabs}/v1/single-use-token/tts_websocket`, { method: 'POST', headers: GOOD });
      const { token } = (await response.json()) as { token: string };
      const socket = await connect(`${QUERY}&single_use_token=${token}`, {});
      expect((await speak(socket, 'Hello. ')).at(-1)).toMatchObject({ isFinal: true });
      expect(await RawSocket.refused(url(`${QUERY}&single_use_token=${token}`))).toMatchObject({ status: 401 });
    });

    it('reports a used-up quota when there is something to speak', async () => {
      const socket = await connect(QUERY, { 'xi-api-key': 'quota' });
      socket.send({ text: ' ', context_id: 't1' });
      socket.send({ text: 'Hello. ', context_id: 't1' });
      expect(await socket.next()).toMatchObject({ error: 'quota_exceeded', code: 1008 });
      expect((await socket.closed).code).toBe(1008);
    });

    it('reports too many requests', async () => {
      const socket = await connect(QUERY, { 'xi-api-key': 'rate' });
      expect(await socket.next()).toMatchObject({ error: 'too_many_concurrent_requests', code: 1008 });
      expect((await socket.closed).code).toBe(1008);
    });
  });

  it('times out without input, unless the client sends keep-alives', async () => {
    await restart({ limits: { elevenLabsInactivityMs: 1_000 } });
    const idle = await connect();
    const kept = await connect();
    const keepAlive = setInterval(() => kept.send({ text: '', context_id: 't1' }), 20);
    expect(await idle.next()).toEqual({ message: expect.any(String), error: 'input_timeout_exceeded', code: 1008 });
    expect((await idle.closed).code).toBe(1008);
    await new Promise((resolve) => setTimeout(resolve, 60));
    clearInterval(keepAlive);
    expect(kept.ws.readyState).toBe(kept.ws.OPEN);
    expect(kept.frames).toEqual([]);
  });

  it('takes the inactivity timeout from the query', async () => {
    const socket = await connect(`${QUERY}&inactivity_timeout=1`);
    expect(await socket.next()).toMatchObject({ error: 'input_timeout_exceeded' });
  });

  it('finishes the current speech before close_socket closes the socket', async () => {
    const socket = await connect();
    socket.send({ text: 'Until the end. ', context_id: 't1' });
    socket.send({ close_socket: true });
    expect((await socket.closed).code).toBe(1000);
    expect(audioOf(socket.frames).length).toBeGreaterThan(14 * BYTES_PER_CHARACTER - 8);
    expect(socket.frames.at(-1)).toMatchObject({ isFinal: true });
  });

  it('stops when the client leaves', async () => {
    const socket = await connect();
    socket.send({ text: `${'A very long story. '.repeat(50)}`, context_id: 't1' });
    await socket.next();
    socket.ws.terminate();
    await eventually(() => simulator.counters.elevenLabs.aborts.length === 1);
    const { audioBytes, aborts } = simulator.counters.elevenLabs;
    expect(aborts[0]).toEqual({ endpoint: 'multi-stream-input', stopMs: expect.any(Number), generated: audioBytes, generatedAfter: 0 });
    expect(simulator.counters.elevenLabs).toMatchObject({ contextsClosed: 1, contextsCancelled: 1, socketsOpen: 0 });
    expect(audioBytes).toBeLessThan(950 * BYTES_PER_CHARACTER);
  });

  describe('faults', () => {
    const speakFaulty = async (): Promise<RawSocket> => {
      const socket = await connect();
      socket.send({ text: 'A sentence of some length. ', context_id: 't1' });
      socket.send({ context_id: 't1', close_context: true });
      return socket;
    };

    it('stalls in the middle of an utterance, and the next context works', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'stall', afterFrames: 2 } });
      const socket = await speakFaulty();
      const frames = await speak(socket, 'Fine. ', 't2');
      expect(frames.filter(({ contextId }) => contextId === 't1')).toHaveLength(2);
      expect(frames.at(-1)).toMatchObject({ contextId: 't2', isFinal: true });
    });

    it('never sends the final frame', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'missing-final' } });
      const socket = await speakFaulty();
      const frames = await speak(socket, 'Fine. ', 't2');
      expect(frames.filter(isFinal).map(({ contextId }) => contextId)).toEqual(['t2']);
    });

    it('sends the final frame twice', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'duplicate-final' } });
      const socket = await speakFaulty();
      await socket.until(isFinal);
      expect(await socket.next()).toMatchObject({ isFinal: true, contextId: 't1' });
    });

    it('succeeds without any audio, as the vendor does when a quota is silently used up', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'silence' } });
      expect(await (await speakFaulty()).until(isFinal)).toHaveLength(1);
    });

    it('drops the connection without a close frame', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterFrames: 1 } });
      const socket = await speakFaulty();
      expect((await socket.closed).code).toBe(1006);
      expect(socket.frames).toHaveLength(1);
    });

    it('sends an error frame that names no context and closes with its code', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', at: 'work', fault: { kind: 'error-then-close', afterFrames: 1 } });
      const socket = await speakFaulty();
      expect((await socket.closed).code).toBe(1011);
      expect(socket.frames.at(-1)).toEqual({ message: expect.any(String), error: 'internal_error', code: 1011 });
    });

    it('closes with a misleading 1009', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'close', code: 1009, reason: 'message too big' } });
      const socket = await connect();
      expect(await socket.closed).toEqual({ code: 1009, reason: 'message too big' });
    });

    it('refuses the upgrade with a JSON body', async () => {
      simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'multi-stream-input', fault: { kind: 'refuse', status: 429 } });
      expect(await RawSocket.refused(url(), GOOD)).toMatchObject({ status: 429, body: { detail: { status: 'system_busy' } } });
    });
  });

  it('fails with 1011 when synthesis fails', async () => {
    await simulator.close();
    simulator = await startQuickSimulator({
      synthesiser: { ready: Promise.resolve(), speak: () => Promise.reject(new Error('died')), close: () => Promise.resolve() },
    });
    const socket = await connect();
    socket.send({ text: 'Hello. ', context_id: 't1' });
    expect(await socket.next()).toMatchObject({ error: 'internal_error', code: 1011 });
    expect((await socket.closed).code).toBe(1011);
  });
});
