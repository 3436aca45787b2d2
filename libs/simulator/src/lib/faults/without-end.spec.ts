import { request } from 'node:http';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { RawSocket } from '../testing/raw-socket';

const GOOD = { 'xi-api-key': 'good' };
const MEBIBYTE = 1024 * 1024;
const TEXT = 'A sentence that takes its time and is spoken in several pieces, because it is as long as that. '.repeat(3);

describe('an answer without end', () => {
  let simulator: QuickSimulator;
  beforeEach(async () => void (simulator = await startQuickSimulator()));
  afterEach(() => simulator.close());

  const ask = (signal: AbortSignal): Promise<Response> =>
    fetch(`${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/stream?output_format=pcm_16000`, {
      method: 'POST',
      headers: GOOD,
      body: JSON.stringify({ text: TEXT }),
      signal,
    });

  it('repeats a part of an HTTP body for as long as the client reads', async () => {
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'endless' } });
    const controller = new AbortController();
    let bytes = 0;
    for await (const chunk of (await ask(controller.signal)).body ?? []) {
      bytes += chunk.length;
      if (bytes > 4 * MEBIBYTE) break;
    }
    controller.abort();
    expect(bytes).toBeGreaterThan(4 * MEBIBYTE);
  });

  it('repeats a frame on a socket, and nothing else comes', async () => {
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'endless', afterFrames: 1 } });
    const socket = await RawSocket.connect(
      `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/stream-input?output_format=pcm_16000&sync_alignment=true`,
      GOOD,
    );
    for (const text of [' ', TEXT, '']) socket.send({ text });
    const endsAtMs = performance.now() + 20_000;
    while (socket.frames.length < 100 && performance.now() < endsAtMs) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(socket.frames.length).toBeGreaterThanOrEqual(100);
    expect(new Set(socket.frames.slice(1).map((frame) => JSON.stringify(frame))).size).toBe(1);
    socket.ws.terminate();
  });

  it('lets an HTTP body out a byte at a time', async () => {
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'voices', fault: { kind: 'trickle', everyMs: 20 } });
    const sizes = await new Promise<number[]>((resolve, reject) => {
      const call = request(`${simulator.urls.elevenLabs}/v2/voices`, { headers: GOOD }, (response) => {
        const chunks: number[] = [];
        response.on('error', () => undefined);
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk.length);
          if (chunks.length === 5) resolve(chunks);
          if (chunks.length === 5) call.destroy();
        });
      });
      call.on('error', reject).end();
    });
    expect(sizes.every((size) => size < 20)).toBe(true);
  });
});
