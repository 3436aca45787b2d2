import type { JsonObject } from '../server/json';
import { type QuickSimulator, startQuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';
import { base64, tone } from '../testing/test-audio';

const GOOD = { 'api-subscription-key': 'good', 'xi-api-key': 'good' };

describe('a fault injected into work in progress', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    simulator = await startQuickSimulator({
      texts: Array<string>(4).fill('what time is it'),
      latency: { sttFinalMs: 10, llmFirstTokenMs: 30, llmTokenGapMs: 5, ttsFirstChunkMs: 5 },
    });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  async function connect(url: string): Promise<RawSocket> {
    const socket = await RawSocket.connect(url, GOOD);
    sockets.push(socket);
    return socket;
  }

  const recogniser = (): Promise<RawSocket> =>
    connect(`${simulator.urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN&endpointing=manual&stream_type=fast`);
  const voice = (): Promise<RawSocket> =>
    connect(
      `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/multi-stream-input?model_id=eleven_flash_v2_5&output_format=pcm_16000&auto_mode=true&sync_alignment=true`,
    );
  const ask = (): Promise<Response> =>
    fetch(`${simulator.urls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'tell me a long story' }], stream: true }),
    });

  /** In the middle of an utterance, its first partial read. */
  async function speaking(): Promise<RawSocket> {
    const socket = await recogniser();
    socket.send({ event: 'speech_start' });
    socket.send({ event: 'audio_input', audio: base64(tone(1_000)) });
    await socket.until(({ event }) => event === 'transcript.partial');
    return socket;
  }
  const isFinal = ({ event, isFinal: final }: JsonObject): boolean => event === 'transcript.final' || final === true;

  it('affects only the work that is open', async () => {
    const socket = await speaking();
    const strike = simulator.faults.injectNow({ vendor: 'sarvam', fault: { kind: 'duplicate-frames' } });
    socket.send({ event: 'speech_end' });
    await socket.until(isFinal);
    expect(await socket.next()).toMatchObject({ event: 'transcript.final', utterance_idx: 0 });
    expect(strike.triggered).toBe(1);

    socket.send({ event: 'speech_start' });
    socket.send({ event: 'speech_end' });
    await socket.until(isFinal);
    socket.send({ event: 'ping' });
    expect(await socket.next()).toEqual({ event: 'pong' });
  });

  it('affects an idle connection if it needs no work', async () => {
    const socket = await recogniser();
    await socket.next();
    expect(simulator.faults.injectNow({ vendor: 'sarvam', fault: { kind: 'close', code: 1011 } }).triggered).toBe(1);
    expect((await socket.closed).code).toBe(1011);
  });

  it('waits for the next work when nothing is open, and for the repetitions that are left', async () => {
    const waiting = simulator.faults.injectNow({ vendor: 'openai', fault: { kind: 'no-done' } });
    expect(waiting.triggered).toBe(0);
    expect(await (await ask()).text()).not.toContain('[DONE]');
    expect(waiting.triggered).toBe(1);

    const socket = await speaking();
    const twice = simulator.faults.injectNow({ vendor: 'sarvam', fault: { kind: 'drop' }, times: 2 });
    expect((await socket.closed).code).toBe(1006);
    expect(twice.triggered).toBe(1);
    const next = await recogniser();
    next.send({ event: 'speech_start' });
    expect((await next.closed).code).toBe(1006);
    expect(twice.triggered).toBe(2);
  });

  it('cuts off open connections, so that the next attempt is refused', async () => {
    const socket = await recogniser();
    const refusal = simulator.faults.injectNow({ vendor: 'sarvam', fault: { kind: 'refuse', status: 403 } });
    expect((await socket.closed).code).toBe(1006);
    expect(refusal.triggered).toBe(0);
    const { urls } = simulator;
    expect(await RawSocket.refused(`${urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN`, GOOD)).toMatchObject({ status: 403 });
    expect(refusal.triggered).toBe(1);
  });

  it.each(['drop', 'reset', 'half-close', 'error-chunk'] as const)('breaks off a body in the middle (%s)', async (kind) => {
    const response = await ask();
    const strike = simulator.faults.injectNow({ vendor: 'openai', fault: { kind } });
    const text = await response.text().catch(() => 'broken off');
    expect(strike.triggered).toBe(1);
    expect(text).not.toContain('[DONE]');
  });

  it.each(['garbage', 'error-chunk'] as const)('lets %s wait for the headers', async (kind) => {
    const answer = ask();
    await eventually(() => simulator.counters.openai.requestsOpen === 1);
    expect(simulator.faults.injectNow({ vendor: 'openai', fault: { kind } }).triggered).toBe(1);
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(kind === 'garbage' ? 'data: {"id":"chatcmpl-\n' : '"error"');
  });

  it('does not affect work that has ended', async () => {
    const socket = await voice();
    socket.send({ text: 'Hello there. ', context_id: 't1', flush: true });
    socket.send({ context_id: 't1', close_context: true });
    await socket.until(isFinal);
    await eventually(() => simulator.counters.elevenLabs.contextsClosed === 1);
    expect(simulator.faults.injectNow({ vendor: 'elevenlabs', fault: { kind: 'missing-final' } }).triggered).toBe(0);
    await socket.close();
    await eventually(() => simulator.counters.elevenLabs.socketsOpen === 0);
    expect(simulator.faults.injectNow({ vendor: 'elevenlabs', fault: { kind: 'drop' } }).triggered).toBe(0);
  });

  it('ends only the sending side with half-close, and the client notices without a close frame', async () => {
    const socket = await speaking();
    simulator.faults.injectNow({ vendor: 'sarvam', fault: { kind: 'half-close' } });
    expect((await socket.closed).code).toBe(1006);
    await eventually(() => simulator.counters.sarvam.socketsOpen === 0);
  });

  it('sends the last partial again, after the final', async () => {
    simulator.faults.inject({ vendor: 'sarvam', fault: { kind: 'stale-partial' } });
    const socket = await speaking();
    socket.send({ event: 'speech_end' });
    await socket.until(isFinal);
    expect(await socket.next()).toMatchObject({ event: 'transcript.partial', utterance_idx: 0, text: expect.stringContaining('what') });
  });

  describe('in the alignment', () => {
    async function alignments(
      kind: 'unordered-alignment' | 'overlapping-alignment',
    ): Promise<{ chars: string[]; charStartTimesMs: number[] }[]> {
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind } });
      const socket = await voice();
      const text = 'A sentence that is long enough for several frames of audio. ';
      socket.send({ text, context_id: 't1', flush: true });
      socket.send({ context_id: 't1', close_context: true });
      const frames = await socket.until(isFinal);
      return frames.flatMap(({ alignment }) => (alignment ? [alignment as { chars: string[]; charStartTimesMs: number[] }] : []));
    }

    it('makes the times run backwards', async () => {
      const longest = (await alignments('unordered-alignment')).toSorted((a, b) => b.chars.length - a.chars.length).at(0);
      const times = longest?.charStartTimesMs ?? [];
      expect(times.length).toBeGreaterThan(1);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(times.at(0)).toBeGreaterThan(times.at(-1) ?? NaN);
    });

    it('repeats the characters of the previous frame', async () => {
      const [first, second] = await alignments('overlapping-alignment');
      const repeated = first?.chars.at(-1) ?? '';
      expect(repeated).toHaveLength(1);
      expect(second?.chars).toContain(repeated);
      expect(second?.charStartTimesMs.slice(0, 2)).toEqual([0, expect.any(Number)]);
    });
  });
});
