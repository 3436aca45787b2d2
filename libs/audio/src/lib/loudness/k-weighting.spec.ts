import { type Biquad, headFilter, KWeighting, lowCutFilter } from './k-weighting';

const gainDb = (filters: readonly Biquad[], frequencyHz: number, sampleRateHz: number): number => {
  const w = (2 * Math.PI * frequencyHz) / sampleRateHz;
  const magnitude = (c0: number, c1: number, c2: number): number =>
    Math.hypot(c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w), c1 * Math.sin(w) + c2 * Math.sin(2 * w));
  return filters.reduce((sum, { b0, b1, b2, a1, a2 }) => sum + 20 * Math.log10(magnitude(b0, b1, b2) / magnitude(1, a1, a2)), 0);
};

describe('KWeighting', () => {
  it('has the coefficients of ITU-R BS.1770-4 at 48 kHz', () => {
    const head = headFilter(48_000);
    expect(head.b0).toBeCloseTo(1.53512485958697, 8);
    expect(head.b1).toBeCloseTo(-2.69169618940638, 8);
    expect(head.b2).toBeCloseTo(1.19839281085285, 8);
    expect(head.a1).toBeCloseTo(-1.69065929318241, 8);
    expect(head.a2).toBeCloseTo(0.73248077421585, 8);
    const lowCut = lowCutFilter(48_000);
    expect(lowCut).toMatchObject({ b0: 1, b1: -2, b2: 1 });
    expect(lowCut.a1).toBeCloseTo(-1.99004745483398, 8);
    expect(lowCut.a2).toBeCloseTo(0.99007225036621, 8);
  });

  it.each([8000, 16_000, 22_050, 24_000, 44_100, 96_000])('weighs frequencies at %i Hz as at 48 kHz', (sampleRateHz) => {
    for (const frequencyHz of [20, 40, 100, 400, 1000, 1500]) {
      const here = gainDb([headFilter(sampleRateHz), lowCutFilter(sampleRateHz)], frequencyHz, sampleRateHz);
      const there = gainDb([headFilter(48_000), lowCutFilter(48_000)], frequencyHz, 48_000);
      expect(Math.abs(here - there)).toBeLessThan(0.25);
    }
  });

  it('goes on where the last samples ended', () => {
    const pcm = Int16Array.from({ length: 1000 }, (_, i) => 10_000 * Math.sin(i / 7));
    const whole = new KWeighting(24_000).sumOfSquares(pcm, 0, 1000);
    const filter = new KWeighting(24_000);
    const parts = [filter.sumOfSquares(pcm, 0, 1), filter.sumOfSquares(pcm, 1, 333), filter.sumOfSquares(pcm, 333, 1000)];
    expect(parts[0] + parts[1] + parts[2]).toBeCloseTo(whole, 0);
  });

  it('is at rest after a silence', () => {
    const filter = new KWeighting(24_000);
    filter.sumOfSquares(Int16Array.of(32767, -32768), 0, 2);
    const silence = new Int16Array(1000);
    for (let block = 0; block < 100; block++) filter.sumOfSquares(silence, 0, 1000);
    expect(filter.sumOfSquares(silence, 0, 1000)).toBe(0);
  });
});
