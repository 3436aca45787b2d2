import { encodeUlaw } from '@parley/audio';
import type { JsonObject } from '../server/json';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';
import { base64, silence, tone } from '../testing/test-audio';

const GOOD = { 'API-SUBSCRIPTION-KEY': 'good' };

describe('Sarvam realtime speech to text', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  async function connect(
    query = 'language_code=en-IN&endpointing=manual&stream_type=fast',
    headers: Record<string, string> = GOOD,
  ): Promise<RawSocket> {
    const socket = await RawSocket.connect(`${simulator.urls.sarvam}/speech-to-text-realtime/ws?${query}`, headers);
    sockets.push(socket);
    return socket;
  }

  const isFinal = (frame: JsonObject): boolean => frame['event'] === 'transcript.final';
  const events = (frames: readonly JsonObject[]): unknown[] => frames.map(({ event }) => event);

  function say(socket: RawSocket, pcm: Int16Array): void {
    for (let from = 0; from < pcm.length; from += 320) socket.send({ event: 'audio_input', audio: base64(pcm.slice(from, from + 320)) });
  }

  it('sends its configuration when the session begins', async () => {
    const socket = await connect('language_code=auto');
    expect(await socket.next()).toEqual({
      event: 'session.begin',
      request_id: expect.stringMatching(/^\w{24}$/),
      config: {
        model: 'saaras:v3-realtime',
        language_code: 'auto',
        encoding: 'linear16',
        sample_rate: 16000,
        stream_type: 'balanced',
        mode: 'transcribe',
        prompt: '',
        turn_detection: 'vad',
        threshold: 0.3,
        prefix_padding_ms: 300,
        silence_duration_ms: 1000,
        min_speech_duration_ms: 250,
        return_timestamps: false,
      },
    });
    const other = await connect(
      'language_code=or-IN&model=saaras:v4&endpointing=manual&sample_rate=8000&silence_duration_ms=400&prompt=Kochi',
    );
    expect((await other.next())['config']).toMatchObject({
      language_code: 'or-IN',
      model: 'saaras:v4',
      turn_detection: 'manual',
      sample_rate: 8000,
      silence_duration_ms: 400,
      prompt: 'Kochi',
    });
  });

  it('accepts the key as a subprotocol and echoes it', async () => {
    const url = `${simulator.urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN`;
    const socket = await RawSocket.connect(url, {}, ['api-subscription-key.good']);
    sockets.push(socket);
    expect(socket.ws.protocol).toBe('api-subscription-key.good');
    expect((await socket.next())['event']).toBe('session.begin');
  });

  it.each([
    ['a bad key', 'bad', { code: 'invalid_api_key_error', status_code: 403 }, 1003],
    ['a used-up account', 'quota', { code: 'insufficient_quota_error' }, 1003],
    ['too many requests', 'rate', { code: 'rate_limit_exceeded_error' }, 1003],
    ['an account without the beta', 'beta-denied', { status_code: 403 }, 4000],
    ['no key', '', { code: 'invalid_api_key_error', status_code: 403 }, 1003],
  ])('accepts the socket and then refuses %s', async (_name, key, error, code) => {
    const socket = await connect('language_code=en-IN', key === '' ? {} : { 'api-subscription-key': key });
    expect(await socket.next()).toMatchObject({ event: 'error', is_fatal: true, ...error });
    expect((await socket.closed).code).toBe(code);
    expect(socket.frames).toHaveLength(1);
  });

  it.each([
    ['the legacy parameter name', 'language-code=en-IN'],
    ['the legacy code for Odia', 'language_code=od-IN'],
    ['the legacy word for detection', 'language_code=unknown'],
    ['an unknown model', 'language_code=en-IN&model=saarika:v2.5'],
    ['another sample rate', 'language_code=en-IN&sample_rate=44100'],
    ['an unknown encoding', 'language_code=en-IN&encoding=mp3'],
    ['a threshold beyond 1', 'language_code=en-IN&threshold=2'],
  ])('refuses %s with an error and close 4000', async (_name, query) => {
    const socket = await connect(query);
    expect(await socket.next()).toMatchObject({ event: 'error', code: 'invalid_request_error', is_fatal: true, status_code: 400 });
    const { code, reason } = await socket.closed;
    expect(code).toBe(4000);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });

  it('transcribes manual turns with cumulative partials, one final each and no voice activity events', async () => {
    simulator.recogniser.expect('what time is it');
    simulator.recogniser.expect("i'm fine");
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    say(socket, tone(800));
    socket.send({ event: 'speech_end' });
    const first = await socket.until(isFinal);
    expect(events(first)).toEqual(['session.begin', 'transcript.partial', 'transcript.partial', 'transcript.partial', 'transcript.final']);
    const texts = first.slice(1).map(({ text }) => text);
    expect(texts).toEqual(['what', 'what time', 'what time is', 'What time is it?']);
    expect(first.at(-1)).toEqual({ event: 'transcript.final', utterance_idx: 0, text: 'What time is it?' });

    socket.send({ event: 'speech_start' });
    say(socket, tone(300));
    socket.send({ event: 'speech_end' });
    expect((await socket.until(isFinal)).at(-1)).toEqual({ event: 'transcript.final', utterance_idx: 1, text: "I'm fine." });
    expect(simulator.counters.sarvam).toMatchObject({ utterances: 2, finals: 2, audioMs: 1100 });
    expect(simulator.recogniser.openCount).toBe(0);
  });

  it('ignores audio outside speech_start and speech_end', async () => {
    simulator.recogniser.expect('one two three four five six');
    const socket = await connect();
    say(socket, tone(2000));
    socket.send({ event: 'speech_start' });
    say(socket, tone(400));
    socket.send({ event: 'speech_end' });
    say(socket, tone(2000));
    const frames = await socket.until(isFinal);
    // 400 ms of audio are two words: the two seconds before did not count.
    expect(frames.filter(({ event }) => event === 'transcript.partial').map(({ text }) => text)).toEqual(['one']);
    socket.send({ event: 'ping' });
    expect((await socket.next())['event']).toBe('pong');
    expect(simulator.counters.sarvam.audioMs).toBe(4400);
  });

  it('answers an utterance without audio with an empty final', async () => {
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    socket.send({ event: 'speech_end' });
    expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 0, text: '' });
  });

  it('finalises when flushed and goes on listening', async () => {
    simulator.recogniser.expect('turn on the lights');
    simulator.recogniser.expect('in the kitchen');
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    say(socket, tone(500));
    socket.send({ event: 'flush' });
    expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 0, text: 'Turn on the lights.' });
    say(socket, tone(500));
    socket.send({ event: 'speech_end' });
    expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 1, text: 'In the kitchen.' });
  });

  it('withholds the last words until the final when configured to', async () => {
    const lagging = await startQuickSimulator({ withheldWords: 2 });
    try {
      lagging.recogniser.expect('what time is it');
      const socket = await RawSocket.connect(
        `${lagging.urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN&endpointing=manual&stream_type=fast`,
        GOOD,
      );
      sockets.push(socket);
      socket.send({ event: 'speech_start' });
      say(socket, tone(1_600));
      socket.send({ event: 'speech_end' });
      const frames = await socket.until(isFinal);
      expect(frames.slice(1).map(({ text }) => text)).toEqual(['what', 'what time', 'What time is it?']);
    } finally {
      await lagging.close();
    }
  });

  it('sends no partials in simulated streaming, and names the language only when it detects it', async () => {
    simulator.recogniser.expect('hello there');
    const socket = await connect('language_code=auto&endpointing=manual&stream_type=simulated&return_timestamps=true');
    socket.send({ event: 'speech_start' });
    say(socket, tone(1000));
    socket.send({ event: 'speech_end' });
    const frames = await socket.until(isFinal);
    expect(events(frames)).toEqual(['session.begin', 'transcript.final']);
    expect(frames.at(-1)).toEqual({
      event: 'transcript.final',
      utterance_idx: 0,
      text: 'Hello there.',
      language: 'en-IN',
      language_confidence: 0.97,
      start_s: 0,
      end_s: 0.4,
    });
  });

  it.each([
    ['mulaw', (pcm: Int16Array) => Buffer.from(encodeUlaw(pcm)), 8000],
    ['linear32', (pcm: Int16Array) => Buffer.from(Int32Array.from(pcm, (sample) => sample * 65_536).buffer), 16_000],
    ['linear16', (pcm: Int16Array) => Buffer.from(pcm.buffer), 8000],
  ] as const)('decodes %s', async (encoding, encode, rateHz) => {
    simulator.recogniser.expect('one two three four');
    const socket = await connect(`language_code=en-IN&endpointing=manual&stream_type=fast&encoding=${encoding}&sample_rate=${rateHz}`);
    socket.send({ event: 'speech_start' });
    const bytes = encode(tone(1000, rateHz));
    // Cut in the middle of samples.
    for (let from = 0; from < bytes.length; from += 1001)
      socket.send({ event: 'audio_input', audio: bytes.subarray(from, from + 1001).toString('base64') });
    socket.send({ event: 'speech_end' });
    expect((await socket.until(isFinal)).at(-1)).toMatchObject({ text: 'One two three four.' });
    expect(simulator.counters.sarvam.audioMs).toBeGreaterThan(950);
    expect(simulator.counters.sarvam.audioMs).toBeLessThanOrEqual(1000);
  });

  it('detects utterances itself in vad mode', async () => {
    simulator.recogniser.expect('how are you');
    simulator.recogniser.expect('stop');
    const socket = await connect('language_code=en-IN&stream_type=fast&silence_duration_ms=300&return_timestamps=true');
    say(socket, silence(600));
    say(socket, tone(800));
    say(socket, silence(500));
    const first = await socket.until(isFinal);
    expect(events(first).filter((event) => event !== 'transcript.partial')).toEqual([
      'session.begin',
      'vad.speech_start',
      'vad.speech_end',
      'transcript.final',
    ]);
    expect(events(first)).toContain('transcript.partial');
    expect(first.slice(1).every(({ utterance_idx: index }) => index === 0)).toBe(true);
    expect(first[1]).toEqual({ event: 'vad.speech_start', utterance_idx: 0, confidence: expect.any(Number) });
    // The utterance reaches 300 ms back before its speech, which began at 0.6 s.
    expect(first.at(-1)).toMatchObject({ text: 'How are you?', start_s: 0.3 });
    say(socket, tone(800));
    say(socket, silence(500));
    expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 1, text: 'Stop.' });
    say(socket, tone(100));
    say(socket, silence(500));
    socket.send({ event: 'ping' });
    // Too short to be speech.
    expect((await socket.next())['event']).toBe('pong');
  });

  it('acknowledges config updates at once and applies the gated ones at the next utterance', async () => {
    simulator.recogniser.expect('one');
    simulator.recogniser.expect('two');
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    say(socket, tone(100));
    socket.send({ event: 'config.update', language_code: 'auto', threshold: 0.5 });
    // Voice activity does not run in manual mode, so its threshold is ignored.
    expect((await socket.until(({ event }) => event === 'config.updated')).at(-1)).toEqual({
      event: 'config.updated',
      applied: ['language_code'],
    });
    socket.send({ event: 'speech_end' });
    expect((await socket.until(isFinal)).at(-1)).not.toHaveProperty('language');
    socket.send({ event: 'speech_start' });
    say(socket, tone(100));
    socket.send({ event: 'speech_end' });
    expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 1, language: 'en-IN' });
  });

  it.each([
    ['a move to simulated', { stream_type: 'simulated' }],
    ['an unknown language', { language_code: 'fr-FR' }],
    ['a setting of the connection', { sample_rate: 8000 }],
    ['a threshold beyond 1', { threshold: 7 }],
  ])('refuses %s without ending the session', async (_name, update) => {
    const socket = await connect('language_code=en-IN');
    socket.send({ event: 'config.update', ...update });
    expect((await socket.until(({ event }) => event === 'error')).at(-1)).toMatchObject({ code: 'invalid_config', is_fatal: false });
    socket.send({ event: 'ping' });
    expect(await socket.next()).toEqual({ event: 'pong' });
  });

  it.each([
    ['malformed', '{"event":'],
    ['unknown', '{"event":"dance"}'],
    ['not audio', '{"event":"audio_input","audio":5}'],
    ['for the other mode', '{"event":"speech_start"}'],
  ])('continues after a message that is %s', async (_name, text) => {
    const socket = await connect('language_code=en-IN');
    await socket.next();
    socket.send(text);
    expect(await socket.next()).toMatchObject({ event: 'error', is_fatal: false });
    socket.send({ event: 'ping' });
    expect(await socket.next()).toEqual({ event: 'pong' });
  });

  it('finalises pending audio and sends session.end when asked to end', async () => {
    simulator.recogniser.expect('goodbye');
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    say(socket, tone(500));
    socket.send({ event: 'end' });
    const frames = await socket.until(({ event }) => event === 'session.end');
    expect(frames.at(-2)).toMatchObject({ event: 'transcript.final', text: 'Goodbye.' });
    expect(frames.at(-1)).toEqual({
      event: 'session.end',
      request_id: frames.at(0)?.['request_id'],
      total_duration_s: expect.any(Number),
      total_utterances: 1,
      audio_duration_s: 0.5,
    });
    expect((await socket.closed).code).toBe(1000);
    await eventually(() => simulator.counters.sarvam.socketsOpen === 0);
  });

  it('ends an idle session with session.end and 1008', async () => {
    await simulator.close();
    simulator = await startQuickSimulator({ limits: { sarvamRealtimeIdleMs: 30 } });
    const socket = await connect();
    expect(events(await socket.until(({ event }) => event === 'session.end'))).toEqual(['session.begin', 'session.end']);
    expect((await socket.closed).code).toBe(1008);
  });

  it('gives the recogniser back when the client leaves in the middle of an utterance', async () => {
    simulator.recogniser.expect('never finished');
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    say(socket, tone(500));
    await eventually(() => simulator.recogniser.openCount === 1);
    socket.ws.terminate();
    await eventually(() => simulator.recogniser.openCount === 0);
    expect(simulator.counters.sarvam.closeCodes).toEqual({ 1006: 1 });
  });

  it('fails with 1011 when recognition fails', async () => {
    jest.spyOn(simulator.recogniser, 'open').mockReturnValue({
      push: () => undefined,
      partial: '',
      end: () => Promise.reject(new Error('died')),
      cancel: () => undefined,
    });
    const socket = await connect();
    socket.send({ event: 'speech_start' });
    socket.send({ event: 'speech_end' });
    expect((await socket.until(({ event }) => event === 'error')).at(-1)).toMatchObject({ is_fatal: true, status_code: 500 });
    expect((await socket.closed).code).toBe(1011);
  });

  describe('faults', () => {
    async function speak(): Promise<RawSocket> {
      simulator.recogniser.expect('what time is it now');
      const socket = await connect();
      socket.send({ event: 'speech_start' });
      say(socket, tone(1200));
      socket.send({ event: 'speech_end' });
      return socket;
    }

    it('duplicates a final', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'duplicate-final' } });
      const socket = await speak();
      const final = (await socket.until(isFinal)).at(-1);
      expect(await socket.next()).toEqual(final);
    });

    it('sends an empty transcript', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'empty-transcript' } });
      expect((await (await speak()).until(isFinal)).at(-1)).toMatchObject({ text: '' });
    });

    it('splits a long turn into two utterances', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'split-final' } });
      const socket = await speak();
      expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 0, text: 'What time is' });
      expect(await socket.next()).toMatchObject({ utterance_idx: 1, text: 'it now?' });
    });

    it('sends voice activity events in manual mode, with the end after the final', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'leak-vad' } });
      const socket = await speak();
      const frames = await socket.until(isFinal);
      expect(events(frames).filter((event) => event !== 'transcript.partial')).toEqual([
        'session.begin',
        'vad.speech_start',
        'vad.speech_end',
        'transcript.final',
      ]);
    });

    it('sends the final before the end of speech', async () => {
      simulator.recogniser.expect('yes');
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'final-first' } });
      const socket = await connect('language_code=en-IN&silence_duration_ms=200&stream_type=simulated');
      say(socket, tone(500));
      say(socket, silence(300));
      const frames = await socket.until(({ event }) => event === 'vad.speech_end');
      expect(events(frames)).toEqual(['session.begin', 'vad.speech_start', 'transcript.final', 'vad.speech_end']);
    });

    it.each(['missing-final', 'stall'] as const)('never answers one utterance (%s), but answers the next', async (kind) => {
      simulator.faults.inject({ vendor: 'sarvam', endpoint: 'realtime', fault: { kind } });
      const socket = await speak();
      simulator.recogniser.expect('second');
      socket.send({ event: 'speech_start' });
      say(socket, tone(100));
      socket.send({ event: 'speech_end' });
      expect((await socket.until(isFinal)).at(-1)).toMatchObject({ utterance_idx: 1, text: 'Second.' });
      expect(socket.frames.filter(({ utterance_idx: index, event }) => index === 0 && event === 'transcript.final')).toEqual([]);
    });

    it('drops the connection without a close frame after two frames of an utterance', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'drop', afterFrames: 2 } });
      const socket = await speak();
      expect((await socket.closed).code).toBe(1006);
      expect(events(socket.frames)).toEqual(['session.begin', 'transcript.partial', 'transcript.partial']);
    });

    it('resets the connection', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'reset' } });
      expect((await (await speak()).closed).code).toBe(1006);
    });

    it('closes with 1011 in the middle of an utterance', async () => {
      simulator.faults.inject({ vendor: 'sarvam', at: 'work', fault: { kind: 'close', code: 1011, afterFrames: 1 } });
      const socket = await speak();
      expect((await socket.closed).code).toBe(1011);
      expect(events(socket.frames)).toEqual(['session.begin', 'transcript.partial']);
    });

    it('accepts the socket, sends an error and closes', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'error-then-close' } });
      const socket = await connect();
      expect((await socket.closed).code).toBe(1011);
      expect(socket.frames).toEqual([
        { event: 'error', code: 'internal_server_error', is_fatal: true, message: 'Internal error.', status_code: 500 },
      ]);
    });

    it('refuses the upgrade with a body and Retry-After, once', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'refuse', status: 429, retryAfter: 2 } });
      const refusal = await RawSocket.refused(`${simulator.urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN`, GOOD);
      expect(refusal).toMatchObject({
        status: 429,
        headers: { 'retry-after': '2' },
        body: { error: { code: 'rate_limit_exceeded_error' } },
      });
      expect((await (await connect()).next())['event']).toBe('session.begin');
      expect(simulator.counters.sarvam).toMatchObject({ upgradesRefused: 1, socketsOpened: 1, faults: 1 });
    });

    it('sends garbage and continues', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'garbage', afterFrames: 1 } });
      const frames = await (await speak()).until(isFinal);
      expect(frames.filter((frame) => 'garbage' in frame)).toHaveLength(1);
    });

    it('neither sends nor reads anything from the start, not even a close', async () => {
      simulator.faults.inject({ vendor: 'sarvam', at: 'connection', fault: { kind: 'half-open' } });
      const socket = await connect();
      socket.send({ event: 'ping' });
      socket.ws.close();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(socket.frames).toEqual([]);
      expect(socket.ws.readyState).toBe(socket.ws.CLOSING);
    });

    it('delays every frame of an utterance and keeps the order', async () => {
      simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'late-frames', delayMs: 20 } });
      const frames = await (await speak()).until(isFinal);
      expect(frames.slice(1).map(({ text }) => text)).toEqual([
        'what',
        'what time',
        'what time is',
        'what time is it now',
        'What time is it now?',
      ]);
    });
  });
});
