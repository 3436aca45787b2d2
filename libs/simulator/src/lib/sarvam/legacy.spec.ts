import type { JsonObject } from '../server/json';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';
import { silence, tone, wav } from '../testing/test-audio';

const GOOD = { 'Api-Subscription-Key': 'any-key' };
const RAW = 'language-code=en-IN&input_audio_codec=pcm_s16le&sample_rate=16000';

describe('Sarvam legacy speech to text', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  const url = (query: string): string => `${simulator.urls.sarvam}/speech-to-text/ws?${query}`;

  async function connect(query = RAW, headers: Record<string, string> = GOOD): Promise<RawSocket> {
    const socket = await RawSocket.connect(url(query), headers);
    sockets.push(socket);
    return socket;
  }

  const isData = ({ type }: JsonObject): boolean => type === 'data';
  const audio = (bytes: Uint8Array): object => ({
    audio: { data: Buffer.from(bytes).toString('base64'), sample_rate: 16000, encoding: 'audio/wav' },
  });

  function say(socket: RawSocket, pcm: Int16Array): void {
    for (let from = 0; from < pcm.length; from += 800) {
      const chunk = pcm.slice(from, from + 800);
      socket.send(audio(new Uint8Array(chunk.buffer)));
    }
  }

  it('sends one data frame per utterance and nothing else', async () => {
    simulator.recogniser.expect('turn on the lights');
    const socket = await connect();
    say(socket, tone(1000));
    say(socket, silence(700));
    const frames = await socket.until(isData);
    expect(frames).toEqual([
      {
        type: 'data',
        data: {
          request_id: expect.stringMatching(/^\w+$/),
          transcript: 'Turn on the lights.',
          timestamps: null,
          diarized_transcript: null,
          language_code: 'en-IN',
          language_probability: null,
          metrics: { audio_duration: expect.any(Number), processing_latency: expect.any(Number) },
        },
      },
    ]);
    expect(simulator.counters.sarvam).toMatchObject({ partials: 0, finals: 1, byEndpoint: { legacy: 1 } });
  });

  it('announces speech when vad_signals is set, with the vendor’s misspelt time field', async () => {
    simulator.recogniser.expect('नमस्ते');
    const socket = await connect('language-code=unknown&input_audio_codec=pcm_s16le&vad_signals=true&high_vad_sensitivity=true');
    say(socket, tone(600));
    say(socket, silence(300));
    const frames = await socket.until(isData);
    expect(frames[0]).toEqual({
      type: 'events',
      data: { event_type: 'vad', timestamp: expect.stringMatching(/Z$/), signal_type: 'START_SPEECH', occured_at: expect.any(Number) },
    });
    expect(frames[1]).toMatchObject({ type: 'events', data: { signal_type: 'END_SPEECH', occured_at: expect.any(Number) } });
    expect(frames[2]).toMatchObject({ data: { language_code: 'en-IN', language_probability: 0.97 } });
    expect(frames).toHaveLength(3);
  });

  it('can send data before END_SPEECH', async () => {
    simulator.recogniser.expect('yes');
    simulator.faults.inject({ vendor: 'sarvam', endpoint: 'legacy', fault: { kind: 'final-first' } });
    const socket = await connect(`${RAW}&vad_signals=true`);
    say(socket, tone(500));
    say(socket, silence(600));
    const frames = await socket.until(({ type, data }) => type === 'events' && JSON.stringify(data).includes('END_SPEECH'));
    expect(frames.map(({ type }) => type)).toEqual(['events', 'data', 'events']);
  });

  it('requires every chunk to be a WAV file unless a raw codec is declared', async () => {
    simulator.recogniser.expect('hello');
    const socket = await connect('language-code=en-IN');
    socket.send(audio(new Uint8Array(tone(200).buffer)));
    expect(await socket.next()).toMatchObject({
      type: 'error',
      data: { error: expect.stringContaining('WAV'), code: 'invalid_request_error' },
    });
    socket.send(audio(wav(tone(600))));
    socket.send(audio(wav(silence(700))));
    expect(await socket.next()).toMatchObject({ data: { transcript: 'Hello.' } });
    expect(simulator.counters.sarvam.audioMs).toBe(1300);
  });

  it('decodes 8 kHz when the URL declares it, whatever the messages say', async () => {
    const socket = await connect('language-code=en-IN&input_audio_codec=pcm_raw&sample_rate=8000');
    socket.send(audio(new Uint8Array(tone(1000, 8000).buffer)));
    await eventually(() => simulator.counters.sarvam.audioMs > 0);
    expect(simulator.counters.sarvam.audioMs).toBeGreaterThan(950);
    expect(simulator.counters.sarvam.audioMs).toBeLessThanOrEqual(1000);
  });

  it('finalises at once when flushed, only with flush_signal=true', async () => {
    simulator.recogniser.expect('what is the time');
    const deaf = await connect();
    say(deaf, tone(600));
    deaf.send({ type: 'flush' });
    const socket = await connect(`${RAW}&flush_signal=true&vad_signals=true`);
    say(socket, tone(600));
    socket.send({ type: 'flush' });
    const frames = await socket.until(isData);
    expect(frames.map(({ data }) => (data as JsonObject)['signal_type'])).toEqual(['START_SPEECH', 'END_SPEECH', undefined]);
    expect(frames.at(-1)).toMatchObject({ data: { transcript: 'What is the time?' } });
    expect(deaf.frames).toEqual([]);
  });

  it('answers a flush without audio with an empty transcript, unless a result is pending', async () => {
    simulator.recogniser.expect('one');
    const socket = await connect(`${RAW}&flush_signal=true`);
    say(socket, tone(600));
    socket.send({ type: 'flush' });
    socket.send({ type: 'flush' });
    expect(await socket.next()).toMatchObject({ data: { transcript: 'One.' } });
    socket.send({ type: 'flush' });
    expect(await socket.next()).toMatchObject({ data: { transcript: '' } });
    expect(simulator.counters.sarvam.finals).toBe(2);
  });

  it('accepts a prompt without an answer, and closes after end_of_stream', async () => {
    simulator.recogniser.expect('bye');
    const socket = await connect();
    socket.send({ type: 'config', prompt: 'names: Asha' });
    say(socket, tone(600));
    socket.send({ type: 'end_of_stream', audio: { data: '', sample_rate: 16000, encoding: 'audio/wav' } });
    expect(await socket.next()).toMatchObject({ data: { transcript: 'Bye.' } });
    expect((await socket.closed).code).toBe(1000);
  });

  it.each([
    ['the parameter with an underscore', 'language_code=en-IN'],
    ['the realtime code for Odia', 'language-code=or-IN'],
    ['the realtime word for detection', 'language-code=auto'],
    ['a model that is gone', 'language-code=en-IN&model=saarika:v2.5'],
  ])('refuses %s with an error frame', async (_name, query) => {
    const socket = await connect(query);
    expect(await socket.next()).toMatchObject({ type: 'error', data: { code: 'invalid_request_error' } });
    expect((await socket.closed).code).toBe(1003);
  });

  it('accepts Odia and language detection under their legacy names', async () => {
    for (const language of ['od-IN', 'unknown']) {
      const socket = await connect(`language-code=${language}&flush_signal=true`);
      socket.send({ type: 'flush' });
      expect((await socket.next())['type']).toBe('data');
    }
  });

  it.each([
    ['bad', 403, 'invalid_api_key_error'],
    ['', 403, 'invalid_api_key_error'],
    ['quota', 429, 'insufficient_quota_error'],
    ['rate', 429, 'rate_limit_exceeded_error'],
  ])('refuses the upgrade for the key "%s" with %i', async (key, status, code) => {
    const refusal = await RawSocket.refused(url(RAW), key === '' ? {} : { 'api-subscription-key': key });
    expect(refusal).toMatchObject({ status, body: { error: { code, message: expect.any(String), request_id: expect.any(String) } } });
    expect(refusal.headers['x-request-id']).toBe((refusal.body['error'] as JsonObject)['request_id']);
  });

  it('works for an account without the realtime beta', async () => {
    const socket = await connect(RAW, { 'api-subscription-key': 'beta-denied' });
    say(socket, tone(600));
    expect(socket.ws.readyState).toBe(socket.ws.OPEN);
  });

  it('ends an idle connection without a close frame', async () => {
    await simulator.close();
    simulator = await startQuickSimulator({ limits: { sarvamLegacyIdleMs: 30 } });
    const socket = await connect();
    expect((await socket.closed).code).toBe(1006);
    expect(socket.frames).toEqual([]);
  });

  it('refuses the twenty-first socket of a key, counted over both endpoints', async () => {
    for (let i = 0; i < 19; i++) await connect();
    sockets.push(await RawSocket.connect(`${simulator.urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN`, GOOD));
    expect(await RawSocket.refused(url(RAW), GOOD)).toMatchObject({ status: 429, body: { error: { code: 'rate_limit_exceeded_error' } } });
    await connect(RAW, { 'api-subscription-key': 'another-account' });
    await sockets[0]?.close();
    await eventually(() => simulator.counters.sarvam.socketsOpen === 20);
    await connect();
    expect(simulator.counters.sarvam).toMatchObject({ socketsOpen: 21, upgradesRefused: 1 });
  });

  it('answers a malformed message with an error frame and continues', async () => {
    const socket = await connect(`${RAW}&flush_signal=true`);
    socket.send('nonsense');
    expect(await socket.next()).toMatchObject({ type: 'error' });
    socket.send({ type: 'flush' });
    expect(await socket.next()).toMatchObject({ type: 'data' });
  });

  it('refuses unknown paths', async () => {
    expect(await RawSocket.refused(`${simulator.urls.sarvam}/speech-to-text-translate/ws`, GOOD)).toMatchObject({ status: 404 });
    const response = await fetch(`${simulator.urls.sarvam}/speech-to-text`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found_error' } });
  });
});
