import type { SimulatorOptions } from '../simulator';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { RawSocket } from '../testing/raw-socket';
import { parseFault } from './parse-fault';

const GOOD = { 'xi-api-key': 'good' };
const TEXT = 'A sentence that takes its time and is cut off somewhere in the middle of it all. ';

describe('the place of a fault', () => {
  let simulator: QuickSimulator;
  const sockets: RawSocket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  const start = async (options: Partial<SimulatorOptions> = {}): Promise<void> => void (simulator = await startQuickSimulator(options));

  const post = (path: string): Promise<Response> =>
    fetch(`${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara${path}?output_format=pcm_16000`, {
      method: 'POST',
      headers: GOOD,
      body: JSON.stringify({ text: TEXT }),
    });

  /** The bytes of a body up to where it breaks off; false when it does not. */
  async function brokenOffAfter(path: string): Promise<number | false> {
    let bytes = 0;
    try {
      for await (const chunk of (await post(path)).body ?? []) bytes += chunk.length;
    } catch {
      return bytes;
    }
    return false;
  }

  /** The frames of a socket up to where it ends, and the bytes of their audio. */
  async function spoken(): Promise<{ code: number; frames: number; bytes: number; last: object | undefined }> {
    const url = `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/stream-input?output_format=pcm_16000&sync_alignment=true`;
    const socket = await RawSocket.connect(url, GOOD);
    sockets.push(socket);
    for (const text of [' ', TEXT, '']) socket.send({ text });
    const { code } = await socket.closed;
    const audio = socket.frames.map((frame) => Buffer.from(String(frame['audio'] ?? ''), 'base64').length);
    return { code, frames: socket.frames.length, bytes: audio.reduce((sum, length) => sum + length, 0), last: socket.frames.at(-1) };
  }

  it.each([
    ['/stream', 12_345],
    ['', 12_345],
    ['/stream/with-timestamps', 20_001],
  ])('is exact to the byte in the body of %s', async (path, afterBytes) => {
    await start();
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterBytes } });
    expect(await brokenOffAfter(path)).toBe(afterBytes);
    expect(await brokenOffAfter(path)).toBe(false);
  });

  it('is behind the frame that reaches the bytes of audio on a socket', async () => {
    await start();
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterBytes: 30_000 } });
    const { code, bytes } = await spoken();
    expect(code).toBe(1006);
    expect(bytes).toBeGreaterThanOrEqual(30_000);
    expect(bytes).toBeLessThan(40_000);
  });

  it('is drawn anew each time between two places, the same for the same seed', async () => {
    const run = async (seed: number): Promise<number[]> => {
      await start({ seed });
      simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterFrames: 1, upTo: 12 }, times: 8 });
      const frames: number[] = [];
      for (let i = 0; i < 8; i++) frames.push((await spoken()).frames);
      return frames;
    };
    const frames = await run(5);
    expect(new Set(frames).size).toBeGreaterThan(3);
    expect(frames.every((count) => count >= 1 && count <= 12)).toBe(true);
    expect((await spoken()).code).toBe(1000);
    await simulator.close();
    expect(await run(5)).toEqual(frames);
    await simulator.close();
    expect(await run(6)).not.toEqual(frames);
  });

  it('is in the middle of the speech where the quota ends', async () => {
    await start();
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'quota', afterFrames: 3 } });
    expect(await spoken()).toMatchObject({ code: 1008, frames: 4, last: { error: 'quota_exceeded', code: 1008 } });
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'quota' } });
    const refused = await post('/stream');
    expect([refused.status, await refused.json()]).toMatchObject([401, { detail: { status: 'quota_exceeded' } }]);
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'quota', afterFrames: 2 } });
    expect(await brokenOffAfter('/stream')).toBeGreaterThan(0);
  });

  it('must exist', async () => {
    await start();
    const inject = () => simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterFrames: 5, upTo: 4 } });
    expect(inject).toThrow(RangeError);
  });

  it.each([
    ['drop=3', { kind: 'drop', afterFrames: 3 }],
    ['drop=2000b', { kind: 'drop', afterBytes: 2000 }],
    ['stall=1-40', { kind: 'stall', afterFrames: 1, upTo: 40 }],
    ['quota=0-9000b', { kind: 'quota', afterBytes: 0, upTo: 9000 }],
  ])('is read from a command line: %s', async (text, fault) => {
    await start();
    expect(parseFault(`elevenlabs:${text}`).fault).toEqual(fault);
  });
});

describe('the alignment over HTTP', () => {
  let simulator: QuickSimulator;

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(() => simulator.close());

  async function alignments(
    kind: 'missing-alignment' | 'unordered-alignment' | 'overlapping-alignment',
  ): Promise<{ characters: string[]; character_start_times_seconds: number[] }[]> {
    simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind } });
    const url = `${simulator.urls.elevenLabs}/v1/text-to-speech/parley-clara/stream/with-timestamps?output_format=pcm_16000`;
    const response = await fetch(url, { method: 'POST', headers: GOOD, body: JSON.stringify({ text: TEXT }) });
    const lines = (await response.text()).trimEnd().split('\n');
    return lines.flatMap(
      (line) =>
        (JSON.parse(line) as { alignment: { characters: string[]; character_start_times_seconds: number[] } | null }).alignment ?? [],
    );
  }

  it('can be missing', async () => {
    expect(await alignments('missing-alignment')).toEqual([]);
  });

  it('can run backwards', async () => {
    const [times] = (await alignments('unordered-alignment'))
      .map((alignment) => alignment.character_start_times_seconds)
      .filter(({ length }) => length > 1);
    expect(times?.at(0)).toBeGreaterThan(times?.at(-1) ?? NaN);
  });

  it('can repeat the characters of the chunk before', async () => {
    const text = (await alignments('overlapping-alignment')).flatMap(({ characters }) => characters).join('');
    expect(text.length).toBeGreaterThan(TEXT.length);
  });
});
