import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturePcm, sileroWeights } from '../../testing/fixtures';
import { pcm16ToFloat } from '../pcm';
import { SILERO_WINDOW_SAMPLES, SileroVad } from './silero-vad';

/** Probabilities that ONNX Runtime gives for the original model, window by window, to six digits. */
const GOLDEN = JSON.parse(readFileSync(join(__dirname, 'silero-vad.golden.json'), 'utf8')) as Record<string, number[]>;

function probabilities(vad: SileroVad, pcm: Int16Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + SILERO_WINDOW_SAMPLES <= pcm.length; at += SILERO_WINDOW_SAMPLES) {
    found.push(vad.process(Float32Array.from(pcm.subarray(at, at + SILERO_WINDOW_SAMPLES), pcm16ToFloat)));
  }
  return found;
}

describe('SileroVad', () => {
  const weights = sileroWeights();

  it.each(Object.entries(GOLDEN))('agrees with the reference runtime on %s', (file, expected) => {
    const found = probabilities(new SileroVad(weights), fixturePcm(file));
    expect(found).toHaveLength(expected.length);
    expect(Math.max(...found.map((probability, i) => Math.abs(probability - expected[i])))).toBeLessThan(1e-5);
  });

  it('is pinned by recordings with and without speech', () => {
    const all = Object.values(GOLDEN).flat();
    expect(all.filter((probability) => probability > 0.9).length).toBeGreaterThan(50);
    expect(all.filter((probability) => probability < 0.1).length).toBeGreaterThan(50);
  });

  it('hears the same again after reset', () => {
    const vad = new SileroVad(weights);
    const pcm = fixturePcm('clean-time.wav');
    const first = probabilities(vad, pcm);
    vad.reset();
    expect(probabilities(vad, pcm)).toEqual(first);
  });

  it('keeps the streams of two instances apart', () => {
    const pcm = fixturePcm('clean-time.wav');
    const alone = probabilities(new SileroVad(weights), pcm);
    const vad = new SileroVad(weights);
    const other = new SileroVad(weights);
    const noise = Float32Array.from({ length: SILERO_WINDOW_SAMPLES }, (_, i) => Math.sin(i * i));
    const found = alone.map((_, i) => {
      other.process(noise);
      const at = i * SILERO_WINDOW_SAMPLES;
      return vad.process(Float32Array.from(pcm.subarray(at, at + SILERO_WINDOW_SAMPLES), pcm16ToFloat));
    });
    expect(found).toEqual(alone);
  });

  it.each([0, 320, 513])('refuses a window of %d samples', (length) => {
    expect(() => new SileroVad(weights).process(new Float32Array(length))).toThrow(RangeError);
  });
});
