import { SpeechLog } from '../speech-log';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually, RawSocket } from '../testing/raw-socket';

const GOOD = { 'xi-api-key': 'good' };

describe('the record of what ElevenLabs was asked to speak', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  const speech = (): QuickSimulator['counters']['elevenLabs']['speech'] => simulator.counters.elevenLabs.speech;

  const post = (path: string, body: object, signal?: AbortSignal): Promise<Response> =>
    fetch(`${simulator.urls.elevenLabs}/v1/${path}?output_format=pcm_16000`, {
      method: 'POST',
      headers: GOOD,
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });

  async function connect(path: string): Promise<RawSocket> {
    const socket = await RawSocket.connect(`${simulator.urls.elevenLabs}/v1/${path}?output_format=pcm_16000`, GOOD);
    sockets.push(socket);
    return socket;
  }

  it('has each request with its id, its text and the text around it', async () => {
    const first = await post('text-to-speech/21m00Tcm4TlvDq8ikWAM/stream', { text: 'One.', next_text: 'Two.', seed: 7 });
    await first.arrayBuffer();
    const lines = [
      { text: 'Hi.', voice_id: 'parley-ray' },
      { text: 'Ho.', voice_id: 'parley-dot' },
    ];
    await (await post('text-to-dialogue/with-timestamps', { inputs: lines, previous_text: 'Before.', future_text: 'After.' })).text();
    expect(speech().records).toEqual([
      {
        endpoint: 'speech-stream',
        requestId: first.headers.get('request-id'),
        model: 'eleven_flash_v2_5',
        voiceIds: ['21m00Tcm4TlvDq8ikWAM'],
        text: 'One.',
        characters: 4,
        nextText: 'Two.',
        seed: 7,
        state: 'complete',
      },
      {
        endpoint: 'dialogue-with-timestamps',
        requestId: expect.any(String),
        model: 'eleven_v3',
        voiceIds: ['parley-ray', 'parley-dot'],
        text: 'Hi.Ho.',
        characters: 6,
        previousText: 'Before.',
        nextText: 'After.',
        state: 'complete',
      },
    ]);
    expect(speech().characters).toEqual({ 'speech-stream': 4, 'dialogue-with-timestamps': 6 });
  });

  it('does not have what was refused', async () => {
    await post('text-to-speech/nobody', { text: 'One.' });
    await post('text-to-speech/parley-clara', { text: 'One.', seed: -1 });
    expect(speech()).toMatchObject({ records: [], characters: {} });
  });

  it('tells what was broken off by the client or by a fault', async () => {
    const text = 'A long story. '.repeat(100);
    const aborter = new AbortController();
    const response = await post('text-to-speech/parley-clara/stream', { text }, aborter.signal);
    await response.body?.getReader().read();
    expect(speech().records.map(({ state }) => state)).toEqual(['open']);
    aborter.abort();
    await eventually(() => speech().records[0]?.state === 'aborted');
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterFrames: 2 } });
    await (await post('text-to-speech/parley-clara/stream', { text })).arrayBuffer().catch(() => undefined);
    await eventually(() => speech().records[1]?.state === 'aborted');
  });

  it('has each text that a socket voiced, by context', async () => {
    const socket = await connect('text-to-speech/parley-ray/multi-stream-input');
    socket.send({ text: 'First. ', context_id: 'a', flush: true });
    socket.send({ text: 'Never voiced. ', context_id: 'b' });
    socket.send({ context_id: 'a', close_context: true });
    await socket.until(({ isFinal }) => isFinal === true);
    const first = { endpoint: 'multi-stream-input', contextId: 'a', model: 'eleven_flash_v2_5', voiceIds: ['parley-ray'], text: 'First. ' };
    expect(speech().records).toEqual([{ ...first, characters: 7, state: 'complete' }]);
    const dialogue = await connect('text-to-dialogue/stream-input');
    dialogue.send({ voices: ['parley-dot'], inputs: [{ text: 'Broken off. '.repeat(50), voice_id: 'parley-dot' }] });
    await dialogue.next();
    dialogue.ws.terminate();
    await eventually(() => speech().records[1]?.state === 'aborted');
  });

  it('does not grow without bounds', () => {
    const log = new SpeechLog();
    const add = (text: string): void => void log.add({ endpoint: 'speech', model: 'm', voiceIds: ['v'], text });
    for (let i = 0; i < 1100; i++) add(String(i));
    expect(log.records).toHaveLength(1000);
    expect(log.records.at(-1)?.text).toBe('1099');
    for (let i = 0; i < 30; i++) add('x'.repeat(100_000));
    expect(log.records).toHaveLength(20);
    expect(log.characters['speech']).toBeGreaterThan(3_000_000);
  });
});
