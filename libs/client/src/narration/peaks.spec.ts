/** @jest-environment node */
import { Peaks } from './peaks';

const ramp = (length: number): Int16Array => Int16Array.from({ length }, (_, index) => index - length / 2);

describe('Peaks', () => {
  it('tells the lowest and the highest sample of a stretch', () => {
    const peaks = new Peaks(8, 4);
    peaks.add(Int16Array.of(0, 5, -3, 1, 9, 9));
    peaks.add(Int16Array.of(-9));
    expect([peaks.between(0, 4), peaks.between(4, 8), peaks.between(0, 7), peaks.samples]).toEqual([
      { low: -3, high: 5 },
      { low: -9, high: 9 },
      { low: -9, high: 9 },
      7,
    ]);
    expect(peaks.between(100, 200)).toEqual({ low: 0, high: 0 });
  });

  it('keeps the extremes of a recording that is much longer than its memory, however it arrives', () => {
    const [whole, pieces] = [new Peaks(16, 2), new Peaks(16, 2)];
    const pcm = ramp(10_000);
    whole.add(pcm);
    for (let at = 0; at < pcm.length; at += 7) pieces.add(pcm.subarray(at, at + 7));
    for (const peaks of [whole, pieces]) {
      expect(peaks.samples).toBe(10_000);
      expect(peaks.between(0, 10_000)).toEqual({ low: -5_000, high: 4_999 });
      expect(peaks.between(9_000, 10_000).low).toBe(0);
      expect(peaks.between(9_000, 10_000).high).toBe(4_999);
    }
    expect(pieces).toEqual(whole);
  });
});
