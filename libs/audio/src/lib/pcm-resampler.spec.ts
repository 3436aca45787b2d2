import fc from 'fast-check';
import { PcmResampler, resamplePcm16 } from './pcm-resampler';

const tone = (rateHz: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / rateHz)));

describe('resamplePcm16', () => {
  it.each([
    [16_000, 24_000],
    [24_000, 16_000],
    [22_050, 16_000],
    [8000, 48_000],
    [44_100, 16_000],
  ])('keeps a tone in place from %d Hz to %d Hz', (fromRateHz, toRateHz) => {
    const output = resamplePcm16(tone(fromRateHz, fromRateHz / 10), fromRateHz, toRateHz);
    const expected = tone(toRateHz, Math.ceil(toRateHz / 10));
    expect(output).toHaveLength(expected.length);
    const edge = toRateHz / 100;
    let worst = 0;
    for (let i = edge; i < output.length - edge; i++) worst = Math.max(worst, Math.abs(output[i] - expected[i]));
    expect(worst).toBeLessThanOrEqual(3);
  });

  it('copies when the rates are equal', () => {
    const pcm = tone(16_000, 100);
    const output = resamplePcm16(pcm, 16_000, 16_000);
    expect(output).toEqual(pcm);
    expect(output.buffer).not.toBe(pcm.buffer);
  });

  it('clips instead of wrapping around', () => {
    const square = Int16Array.from({ length: 800 }, (_, i) => (Math.floor(i / 20) % 2 ? 32767 : -32768));
    const output = resamplePcm16(square, 16_000, 24_000);
    // A wrapped overshoot would have the wrong sign in the middle of a half wave.
    for (let half = 1; half < 39; half++) expect(Math.sign(output[half * 30 + 15])).toBe(half % 2 ? 1 : -1);
    expect(Math.max(...output)).toBe(32767);
  });

  it('returns no samples for no samples', () => {
    expect(resamplePcm16(new Int16Array(0), 24_000, 16_000)).toHaveLength(0);
  });
});

describe('PcmResampler', () => {
  it('gives the same result for a stream as for the whole recording', () => {
    const whole = tone(24_000, 2400);
    const expected = [...resamplePcm16(whole, 24_000, 16_000)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 12 }), (lengths) => {
        const resampler = new PcmResampler({ fromRateHz: 24_000, toRateHz: 16_000 });
        const output: number[] = [];
        let at = 0;
        for (const length of [...lengths, whole.length]) {
          output.push(...resampler.process(whole.subarray(at, at + length)));
          at += length;
        }
        output.push(...resampler.flush());
        expect(output).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('begins a new stream after a reset', () => {
    const resampler = new PcmResampler({ fromRateHz: 8000, toRateHz: 16_000 });
    resampler.process(tone(8000, 333));
    resampler.reset();
    const output = [...resampler.process(tone(8000, 400)), ...resampler.flush()];
    expect(output).toEqual([...resamplePcm16(tone(8000, 400), 8000, 16_000)]);
  });
});
