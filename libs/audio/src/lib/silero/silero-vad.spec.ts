import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturePcm, sileroWeights } from '../../testing/fixtures';
import { pcm16ToFloat } from '../pcm';
import { SILERO_WINDOW_SAMPLES, type SileroStream } from './silero-stream';
import { SileroVad } from './silero-vad';

/** Probabilities that ONNX Runtime gives for the original model, window by window, to six digits. */
const GOLDEN = JSON.parse(readFileSync(join(__dirname, 'silero-vad.golden.json'), 'utf8')) as Record<string, number[]>;

function probabilities(vad: SileroStream, pcm: Int16Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + SILERO_WINDOW_SAMPLES <= pcm.length; at += SILERO_WINDOW_SAMPLES) {
    found.push(vad.process(Float32Array.from(pcm.subarray(at, at + SILERO_WINDOW_SAMPLES), pcm16ToFloat)));
  }
  return found;
}

const weights = sileroWeights();

describe.each<[string, number, () => SileroStream]>([
  ['in plain TypeScript', 1e-5, () => new SileroVad(weights.layers)],
  [
    'in WebAssembly',
    1e-4,
    () => {
      if (weights.wasm === undefined) throw new Error('no WebAssembly here');
      return weights.wasm.createStream();
    },
  ],
])('the Silero detector %s', (_, tolerance, create) => {
  it.each(Object.entries(GOLDEN))('agrees with the reference runtime on %s', (file, expected) => {
    const found = probabilities(create(), fixturePcm(file));
    expect(found).toHaveLength(expected.length);
    expect(Math.max(...found.map((probability, i) => Math.abs(probability - expected[i])))).toBeLessThan(tolerance);
  });

  it('has reference values for recordings with and without speech', () => {
    const all = Object.values(GOLDEN).flat();
    expect(all.filter((probability) => probability > 0.9).length).toBeGreaterThan(50);
    expect(all.filter((probability) => probability < 0.1).length).toBeGreaterThan(50);
  });

  it('gives the same results again after a reset', () => {
    const vad = create();
    const pcm = fixturePcm('clean-time.wav');
    const first = probabilities(vad, pcm);
    vad.reset();
    expect(probabilities(vad, pcm)).toEqual(first);
  });

  it('keeps two streams independent of each other', () => {
    const pcm = fixturePcm('clean-time.wav');
    const alone = probabilities(create(), pcm);
    const vad = create();
    const other = create();
    const noise = Float32Array.from({ length: SILERO_WINDOW_SAMPLES }, (_, i) => Math.sin(i * i));
    const found = alone.map((_, i) => {
      other.process(noise);
      const at = i * SILERO_WINDOW_SAMPLES;
      return vad.process(Float32Array.from(pcm.subarray(at, at + SILERO_WINDOW_SAMPLES), pcm16ToFloat));
    });
    expect(found).toEqual(alone);
  });

  it('returns a probability between 0 and 1 for the loudest possible sound', () => {
    const vad = create();
    for (const sample of [-1, 1]) {
      const probability = vad.process(new Float32Array(SILERO_WINDOW_SAMPLES).fill(sample));
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  it.each([0, 320, 513])('refuses a window of %d samples', (length) => {
    expect(() => create().process(new Float32Array(length))).toThrow(RangeError);
  });
});
