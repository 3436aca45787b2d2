import { largestStep, tones } from '../../testing/signals';
import { fadeIn, fadeOut } from './fades';

describe('fades', () => {
  it('begin and end a loud tone without a step larger than its own', () => {
    const tone = tones(24_000, { seconds: 0.1, dbfs: -3, frequencyHz: 440 }).subarray(13, 2000);
    const faded = tone.slice();
    fadeIn(faded, 192);
    fadeOut(faded, 192);
    const inner = Math.max(...Array.from({ length: tone.length - 1 }, (_, i) => Math.abs(tone[i + 1] - tone[i])));
    expect(largestStep(tone)).toBeGreaterThan(inner);
    expect(largestStep(faded)).toBeLessThanOrEqual(inner);
  });

  it('leave everything else as it was', () => {
    const pcm = new Int16Array(100).fill(1000);
    fadeIn(pcm, 10);
    fadeOut(pcm, 10);
    expect([...pcm.subarray(10, 90)]).toEqual(Array(80).fill(1000));
    expect(pcm[0]).toBe(0);
    expect(pcm[99]).toBe(0);
    expect([...pcm.subarray(0, 10)]).toEqual([...pcm.subarray(90)].reverse());
  });

  it('take what there is of a recording shorter than they are', () => {
    const pcm = Int16Array.of(100, 100);
    fadeIn(pcm, 10);
    fadeOut(pcm, 10);
    expect([...pcm]).toEqual([0, 0]);
    expect(() => fadeIn(new Int16Array(0), 10)).not.toThrow();
  });
});
