import { CapturePipeline } from './capture-pipeline';

interface Frame {
  readonly pcm: Int16Array<ArrayBuffer>;
  readonly levelDbfs: number;
}

function setUp(contextRateHz: number): {
  pipeline: CapturePipeline;
  frames: Frame[];
  play: (durationMs: number, blockSamples?: number) => void;
} {
  const frames: Frame[] = [];
  const pipeline = new CapturePipeline({ contextRateHz, onFrame: (pcm, levelDbfs) => frames.push({ pcm, levelDbfs }) });
  let clock = 0;
  /** A tone of 440 Hz at half of full scale, going on from where it was. */
  const play = (durationMs: number, blockSamples = 128): void => {
    for (const end = clock + (durationMs * contextRateHz) / 1000; clock < end;) {
      const block = Float32Array.from({ length: blockSamples }, () => 0.5 * Math.sin((2 * Math.PI * 440 * clock++) / contextRateHz));
      pipeline.push(block);
    }
  };
  return { pipeline, frames, play };
}

describe('CapturePipeline', () => {
  it.each([8000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])('makes 20 ms frames at 16 kHz from %d Hz input', (contextRateHz) => {
    const { frames, play } = setUp(contextRateHz);
    play(1020);
    expect(frames.length).toBeGreaterThanOrEqual(50);
    expect(frames.length).toBeLessThanOrEqual(52);
    expect(frames.every(({ pcm }) => pcm.byteLength === 640 && pcm.buffer.byteLength === 640)).toBe(true);
    const samples = frames.flatMap(({ pcm }) => [...pcm]).slice(320, 15_000);
    const worst = Math.max(...samples.map((sample, i) => Math.abs(sample - 16_384 * Math.sin((2 * Math.PI * 440 * (i + 320)) / 16_000))));
    expect(worst).toBeLessThan(20);
    expect(frames[25].levelDbfs).toBeCloseTo(-9.03, 1);
  });

  it('gives each frame its own memory', () => {
    const { frames, play } = setUp(48_000);
    play(100);
    expect(new Set(frames.map(({ pcm }) => pcm.buffer)).size).toBe(frames.length);
  });

  it('continues with silent frames while muted', () => {
    const { pipeline, frames, play } = setUp(48_000);
    play(200);
    const before = frames.length;
    pipeline.setMuted(true);
    play(400);
    // The partial frame and the two milliseconds in the resampler still come from before the mute.
    const muted = frames.slice(before + 2);
    expect(muted.length).toBeGreaterThanOrEqual(17);
    expect(muted.every(({ pcm, levelDbfs }) => levelDbfs === -100 && pcm.every((sample) => sample === 0))).toBe(true);
    pipeline.setMuted(false);
    play(200);
    expect(frames.at(-1)?.levelDbfs).toBeCloseTo(-9.03, 0);
    expect(frames.length).toBeGreaterThanOrEqual(39);
  });

  it('keeps sending frames at the same pace while nothing is connected', () => {
    const { pipeline, frames } = setUp(48_000);
    for (let i = 0; i < 375; i++) pipeline.push(undefined);
    expect(frames).toHaveLength(49);
    expect(frames.every(({ levelDbfs }) => levelDbfs === -100)).toBe(true);
  });

  it('accepts blocks of other lengths than 128', () => {
    const { pipeline, frames, play } = setUp(48_000);
    play(500, 480);
    pipeline.setMuted(true);
    play(500, 480);
    expect(frames).toHaveLength(49);
  });
});
