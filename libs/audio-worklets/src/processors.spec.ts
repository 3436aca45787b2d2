import { type CaptureEvent, type PlaybackCommand, type PlaybackEvent } from './messages';

/** The part of a MessagePort that processors use. */
class FakePort {
  onmessage: ((message: { data: unknown }) => void) | null = null;
  closed = false;
  readonly posted: (CaptureEvent | PlaybackEvent)[] = [];
  readonly transferred: unknown[] = [];

  postMessage(message: CaptureEvent | PlaybackEvent, transfer: readonly unknown[] = []): void {
    this.posted.push(message);
    this.transferred.push(...transfer);
  }

  close(): void {
    this.closed = true;
  }
}

class FakeAudioWorkletProcessor {
  readonly port = new FakePort();
}

interface Processor {
  readonly port: FakePort;
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
type ProcessorConstructor = new (options: { processorOptions: unknown }) => Processor;

const scope = { AudioWorkletProcessor: FakeAudioWorkletProcessor, sampleRate: 48_000 };
const registered = new Map<string, ProcessorConstructor>();

beforeAll(async () => {
  Object.assign(globalThis, scope, {
    registerProcessor: (name: string, processor: ProcessorConstructor) => registered.set(name, processor),
  });
  await import('./capture.worklet');
  await import('./playback.worklet');
});

afterAll(() => {
  for (const name of [...Object.keys(scope), 'registerProcessor']) Reflect.deleteProperty(globalThis, name);
});

function create(name: string, processorOptions?: unknown): Processor {
  const constructor = registered.get(name);
  if (!constructor) throw new Error(`${name} is not registered`);
  return new constructor({ processorOptions });
}

const tone = (): Float32Array => Float32Array.from({ length: 128 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * i) / 32));

describe('the worklet entries', () => {
  it('register both processors under the names the page knows', async () => {
    const { CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR } = await import('./index');
    expect([...registered.keys()]).toEqual([CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR]);
    expect([CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR]).toEqual(['parley-capture', 'parley-playback']);
  });
});

describe('parley-capture', () => {
  const frames = (processor: Processor): CaptureEvent[] => processor.port.posted.filter((event) => event.type === 'frame');
  const send = (processor: Processor, data: unknown): void => processor.port.onmessage?.({ data });
  const run = (processor: Processor, blocks: number, input: Float32Array[] = [tone()]): boolean[] =>
    Array.from({ length: blocks }, () => processor.process([input], []));

  it('transfers frames of 640 bytes', () => {
    const processor = create('parley-capture');
    expect(run(processor, 38)).toEqual(Array(38).fill(true));
    expect(frames(processor)).toHaveLength(5 - 1);
    for (const frame of frames(processor)) {
      expect(frame.type).toBe('frame');
      expect(frame.pcm.byteLength).toBe(640);
    }
    expect(frames(processor)[2].levelDbfs).toBeCloseTo(-9.03, 1);
    expect(processor.port.transferred).toEqual(frames(processor).map(({ pcm }) => pcm));
  });

  it('continues with silence while muted and while nothing is connected', () => {
    const processor = create('parley-capture');
    send(processor, { type: 'mute', muted: true });
    run(processor, 40);
    send(processor, { type: 'mute', muted: false });
    run(processor, 40, []);
    expect(frames(processor).length).toBeGreaterThanOrEqual(10);
    expect(frames(processor).every(({ levelDbfs }) => levelDbfs === -100)).toBe(true);
    run(processor, 40);
    expect(frames(processor).at(-1)?.levelDbfs).toBeGreaterThan(-10);
  });

  it('ends on the stop command', () => {
    const processor = create('parley-capture');
    send(processor, { type: 'stop' });
    expect(run(processor, 40)).toEqual(Array(40).fill(false));
    expect(frames(processor)).toEqual([]);
    expect(processor.port.closed).toBe(true);
  });
});

describe('parley-playback', () => {
  const send = (processor: Processor, data: PlaybackCommand): void => processor.port.onmessage?.({ data });
  const told = (processor: Processor): string[] => processor.port.posted.map(({ type }) => type).filter((type) => type !== 'level');
  const audio = (turn: number, durationMs: number, last: boolean): PlaybackCommand => ({
    type: 'audio',
    turn,
    pcm: new Uint8Array(new Int16Array(durationMs * 24).fill(8192).buffer),
    last,
  });
  /** Renders blocks of two channels and gives back the second. */
  const run = (processor: Processor, blocks: number): number[] => {
    const out: number[] = [];
    for (let i = 0; i < blocks; i++) {
      const channels = [new Float32Array(128), new Float32Array(128)];
      expect(processor.process([], [channels])).toBe(true);
      expect(channels[1]).toEqual(channels[0]);
      out.push(...channels[1]);
    }
    return out;
  };

  it('plays, ducks and flushes on command, and reports it', () => {
    const processor = create('parley-playback', { sourceRateHz: 24_000, startMs: 100 });
    send(processor, audio(1, 2000, false));
    expect(run(processor, 20).at(-1)).toBeCloseTo(0.25, 3);
    send(processor, { type: 'duck', turn: 1, active: true });
    expect(run(processor, 10).at(-1)).toBeCloseTo(0.025, 3);
    send(processor, { type: 'flush', turn: 1 });
    run(processor, 2);
    send(processor, audio(1, 500, true));
    expect(run(processor, 20).every((sample) => sample === 0)).toBe(true);
    expect(told(processor)).toEqual(['started', 'flushed']);
  });

  it('plays samples that lie behind a header in the buffer that was transferred', () => {
    const playedFrom = (command: PlaybackCommand): number[] => {
      const processor = create('parley-playback', { sourceRateHz: 24_000, startMs: 20 });
      send(processor, command);
      return run(processor, 20);
    };
    const samples = Int16Array.from({ length: 960 }, (_, i) => 8_000 * Math.sin(i / 9));
    const bare = new Uint8Array(samples.buffer);
    const message = new Uint8Array(12 + bare.byteLength).fill(0x7f);
    message.set(bare, 12);
    const posted: PlaybackCommand = { type: 'audio', turn: 1, pcm: message.subarray(12), last: true };
    const received = structuredClone(posted, { transfer: [message.buffer] });
    expect(message.byteLength).toBe(0);
    expect(playedFrom(received)).toEqual(playedFrom({ type: 'audio', turn: 1, pcm: bare, last: true }));
    expect(playedFrom({ type: 'audio', turn: 1, pcm: bare, last: true }).some((sample) => sample !== 0)).toBe(true);
  });

  it('pauses and continues on command', () => {
    const processor = create('parley-playback', { sourceRateHz: 24_000, startMs: 100 });
    send(processor, audio(1, 2000, false));
    expect(run(processor, 20).at(-1)).toBeCloseTo(0.25, 3);
    send(processor, { type: 'pause', turn: 1, active: true });
    expect(run(processor, 10).at(-1)).toBe(0);
    send(processor, { type: 'pause', turn: 1, active: false });
    expect(run(processor, 10).at(-1)).toBeCloseTo(0.25, 3);
    expect(told(processor)).toEqual(['started']);
  });

  it('reports the end of a turn, and starts again after a reset', () => {
    const processor = create('parley-playback', { sourceRateHz: 24_000 });
    send(processor, audio(7, 20, true));
    run(processor, 10);
    send(processor, { type: 'reset' });
    send(processor, audio(1, 20, true));
    run(processor, 10);
    expect(told(processor)).toEqual(['started', 'ended', 'started', 'ended']);
    expect(processor.port.posted).toContainEqual({ type: 'ended', turn: 1, playedMs: 20 });
  });

  it('fades out on the stop command, reports it, and ends', () => {
    const processor = create('parley-playback', { sourceRateHz: 24_000 });
    send(processor, audio(1, 500, true));
    run(processor, 5);
    send(processor, { type: 'stop' });
    send(processor, audio(2, 500, true));
    const fade = run(processor, 2);
    expect(fade[0]).toBeGreaterThan(0.24);
    expect(fade.every((sample, i) => i === 0 || sample < fade[i - 1] || sample === 0)).toBe(true);
    expect(fade.slice(240)).toEqual(Array(16).fill(0));
    expect(told(processor)).not.toContain('stopped');
    const out = new Float32Array(128);
    expect(processor.process([], [[out]])).toBe(false);
    expect(out.every((sample) => sample === 0)).toBe(true);
    expect([told(processor).at(-1), processor.port.closed]).toEqual(['stopped', true]);
    expect(processor.process([], [[out]])).toBe(false);
    expect(told(processor).filter((type) => type === 'stopped')).toHaveLength(1);
  });

  it('ends at once on the stop command while silent', () => {
    const processor = create('parley-playback', { sourceRateHz: 24_000 });
    send(processor, { type: 'stop' });
    expect(processor.process([], [[new Float32Array(128)]])).toBe(false);
    expect(told(processor)).toEqual(['stopped']);
  });
});
