/** @jest-environment node */
import { encodeWav } from '@parley/audio';
import { ArrivingSound } from './arriving-sound';

/** A download whose server is the spec. */
class FakeDownload {
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly open = async (signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
    const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (this.controller = controller) });
    signal.addEventListener('abort', () => this.controller?.error(signal.reason));
    return stream;
  };

  send(bytes: Uint8Array): void {
    this.controller?.enqueue(bytes);
  }
  end(): void {
    this.controller?.close();
  }
  fail(): void {
    this.controller?.error(new Error('broken'));
  }
}

describe('ArrivingSound', () => {
  const pcm = Int16Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? index : -index));
  const wav = encodeWav(pcm, 24_000);
  let download: FakeDownload;
  let sound: ArrivingSound;
  const handlers = { onGrown: jest.fn(), onBroken: jest.fn() };
  /** Resolves with the next report. */
  const told = (handler: jest.Mock): Promise<void> => new Promise((resolve) => handler.mockImplementationOnce(() => resolve()));
  const samples = async (from: number, to: number): Promise<number[]> => [...new Int16Array((await sound.read(from, to)).buffer)];

  beforeEach(async () => {
    download = new FakeDownload();
    sound = new ArrivingSound(download.open, handlers);
    await Promise.resolve();
  });
  afterEach(() => {
    sound.close();
    jest.resetAllMocks();
  });

  it('can be read while it arrives, wherever it is cut', async () => {
    for (const [from, to] of [
      [0, 7],
      [7, 30],
      [30, 45],
      [45, 148],
    ] as const) {
      const grown = told(handlers.onGrown);
      download.send(wav.slice(from, to));
      await grown;
    }
    expect([sound.sampleRateHz, sound.samples, sound.isComplete]).toEqual([24_000, 52, false]);
    expect(await samples(10, 20)).toEqual([...pcm.slice(10, 20)]);
    expect(await samples(50, 99)).toEqual([...pcm.slice(50, 52)]);
    expect(await samples(60, 99)).toEqual([]);
    const grown = told(handlers.onGrown);
    download.send(wav.slice(148));
    await grown;
    const complete = told(handlers.onGrown);
    download.end();
    await complete;
    expect([sound.isComplete, sound.samples, sound.durationMs]).toEqual([true, 1_000, 1_000 / 24]);
    expect(await samples(0, 1_000)).toEqual([...pcm]);
    expect(sound.peaks.between(0, 1_000)).toEqual({ low: -999, high: 998 });
  });

  it('can be read across the pieces in which it is kept', async () => {
    const long = Int16Array.from({ length: 1_500_000 }, (_, index) => index % 30_000);
    const bytes = encodeWav(long, 24_000);
    for (let at = 0; at < bytes.length; at += 500_001) {
      const grown = told(handlers.onGrown);
      download.send(bytes.slice(at, at + 500_001));
      await grown;
    }
    expect(sound.samples).toBe(1_500_000);
    expect(await samples(524_000, 1_200_000)).toEqual([...long.slice(524_000, 1_200_000)]);
  });

  it('says when the rest does not arrive, and when it is no WAV file', async () => {
    const broken = told(handlers.onBroken);
    download.fail();
    await broken;
    const other = new FakeDownload();
    const notWav = told(handlers.onBroken);
    new ArrivingSound(other.open, handlers);
    await Promise.resolve();
    other.send(new TextEncoder().encode('<!doctype html>'));
    await notWav;
    expect(handlers.onGrown).not.toHaveBeenCalled();
  });

  it('says nothing after it was closed', async () => {
    sound.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect([handlers.onGrown.mock.calls.length, handlers.onBroken.mock.calls.length]).toEqual([0, 0]);
  });
});
