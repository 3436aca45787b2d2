import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ScriptedRecogniser, ToneSynthesiser } from './speech';
import { startSimulator } from './start-simulator';
import { startQuickSimulator, type QuickSimulator } from './testing/quick-simulator';
import { eventually, RawSocket } from './testing/raw-socket';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const servers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;

describe('the simulator', () => {
  const running: QuickSimulator[] = [];

  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close();
  });

  async function start(...args: Parameters<typeof startQuickSimulator>): Promise<QuickSimulator> {
    const simulator = await startQuickSimulator(...args);
    running.push(simulator);
    return simulator;
  }

  it('serves every vendor at its own origin', async () => {
    const { urls } = await start();
    expect(urls.sarvam).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(urls.openai).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(urls.elevenLabs).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(new Set(Object.values(urls).map((url) => new URL(url).port)).size).toBe(3);
  });

  it('answers with the skill bot unless given another reply source', async () => {
    const { urls } = await start({ now: () => new Date(2026, 10, 20, 16, 10) });
    const response = await fetch(`${urls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'What time is it?' }] }),
    });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content).toMatch(/4:10|ten past four|four ten/i);
  });

  it('leaves nothing behind when it closes while work is in progress', async () => {
    const timersBefore = timers();
    const serversBefore = servers();
    const simulator = await startQuickSimulator({ latency: { llmFirstTokenMs: 60_000, ttsFirstChunkMs: 60_000, sttFinalMs: 60_000 } });
    const stt = await RawSocket.connect(`${simulator.urls.sarvam}/speech-to-text-realtime/ws?language_code=en-IN&endpointing=manual`, {
      'api-subscription-key': 'good',
    });
    stt.send({ event: 'speech_start' });
    stt.send({ event: 'speech_end' });
    const deaf = await RawSocket.connect(`${simulator.urls.sarvam}/speech-to-text/ws?language-code=en-IN`, {
      'api-subscription-key': 'good',
    });
    simulator.faults.inject({ vendor: 'elevenlabs', at: 'connection', fault: { kind: 'half-open' } });
    const tts = `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/multi-stream-input?output_format=pcm_16000&auto_mode=true`;
    const frozen = await RawSocket.connect(tts, { 'xi-api-key': 'good' });
    const speaking = await RawSocket.connect(tts, { 'xi-api-key': 'good' });
    speaking.send({ text: 'Hello. ', context_id: 'a' });
    speaking.send({ text: 'Hello. ', context_id: 'b' });
    speaking.send({ context_id: 'b', close_context: true });
    const chat = fetch(`${simulator.urls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good' },
      body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    }).catch(() => 'failed');
    await eventually(() => simulator.counters.elevenLabs.contextsClosed === 1 && simulator.counters.sarvam.utterances === 1);
    await eventually(() => simulator.counters.openai.requestsOpen === 1);

    await simulator.close();
    await simulator.close();
    expect(servers()).toBe(serversBefore);
    expect(simulator.counters.sarvam.socketsOpen + simulator.counters.elevenLabs.socketsOpen + simulator.counters.openai.requestsOpen).toBe(
      0,
    );
    expect(await chat).toBe('failed');
    for (const socket of [stt, deaf, frozen, speaking]) await socket.closed;
    // Polled, because the test runner's reporter has timers of its own; a timer that we leaked would stay longer than this test.
    await eventually(() => timers() <= timersBefore);
    await expect(fetch(`${simulator.urls.openai}/models`)).rejects.toThrow('fetch failed');
  });

  it('keeps running after paths that cannot be decoded or parsed', async () => {
    const { urls } = await start();
    const socket = await RawSocket.connect(`${urls.elevenLabs}/v1/text-to-speech/%E0%A4%A/stream-input`, { 'xi-api-key': 'good' });
    expect(await socket.next()).toMatchObject({ error: 'voice_not_found' });
    for (const origin of [urls.sarvam, new URL(urls.openai).origin, urls.elevenLabs]) {
      expect((await RawSocket.refused(`${origin}//[`, {})).status).toBe(404);
      expect((await fetch(`${origin}/v1/models/%E0%A4%A`, { headers: { authorization: 'Bearer x' } })).status).toBe(404);
    }
  });

  it('uses fixed ports, and leaves nothing running when one is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const before = servers();
    const options = { recogniser: new ScriptedRecogniser(), synthesiser: new ToneSynthesiser(), ports: { elevenLabs: port } };
    await expect(startSimulator(options)).rejects.toThrow('EADDRINUSE');
    expect(servers()).toBe(before);
    await new Promise((resolve) => blocker.close(resolve));
    const simulator = await startSimulator(options);
    expect(simulator.urls.elevenLabs).toBe(`http://127.0.0.1:${port}`);
    await simulator.close();
  });

  it('behaves the same for the same seed', async () => {
    const listen = async (seed: number): Promise<string[]> => {
      const simulator = await start({ seed });
      const socket = await RawSocket.connect(
        `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/multi-stream-input?output_format=pcm_16000&auto_mode=true`,
        { 'xi-api-key': 'good' },
      );
      socket.send({ text: 'The same again, please. ', context_id: 'a' });
      socket.send({ context_id: 'a', close_context: true });
      await socket.until(({ isFinal }) => isFinal === true);
      await socket.close();
      return socket.texts;
    };
    const [first, second, other] = [await listen(1), await listen(1), await listen(2)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
