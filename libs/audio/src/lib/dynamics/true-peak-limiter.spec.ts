import fc from 'fast-check';
import { babble, blocksOf, largestStep, sineFrom } from '../../testing/signals';
import { TruePeakMeter } from '../loudness/true-peak-meter';
import { amplified, pcm16FromFloats } from './gain';
import { TruePeakLimiter } from './true-peak-limiter';

const RATE = 24_000;
const CEILING = -1.5;

function limited(samples: Float32Array, lengths: readonly number[] = [1000]): Float32Array {
  const limiter = new TruePeakLimiter({ sampleRateHz: RATE, ceilingDbtp: CEILING });
  const parts = [...blocksOf(samples, lengths)].flatMap((block) => [...limiter.process(block)]);
  return Float32Array.from([...parts, ...limiter.flush()]);
}

function peakDbtp(samples: Float32Array): number {
  const meter = new TruePeakMeter();
  meter.process(pcm16FromFloats(samples));
  return meter.peakDbtp();
}

describe('TruePeakLimiter', () => {
  it('keeps the true peak below the ceiling, however loud the input is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 30 }), (seed, gainDb) => {
        expect(peakDbtp(limited(amplified(babble(RATE, 0.5, { seed }), gainDb)))).toBeLessThanOrEqual(CEILING);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps a peak between the samples below the ceiling', () => {
    expect(peakDbtp(limited(sineFrom(45, 4, 4800, 1.3)))).toBeLessThanOrEqual(CEILING);
  });

  it('passes what needs no limiting untouched', () => {
    const quiet = amplified(babble(RATE, 1, { amplitude: 0.2 }), 0);
    expect(peakDbtp(quiet)).toBeLessThan(CEILING);
    expect(limited(quiet)).toEqual(quiet);
  });

  it('gives out as many samples as came in, aligned, whatever the lengths of the blocks', () => {
    const loud = amplified(babble(RATE, 0.7), 12);
    const whole = limited(loud, [loud.length]);
    expect(whole).toHaveLength(loud.length);
    expect(limited(loud, [1, 13, 640])).toEqual(whole);
    expect(limited(loud.subarray(0, 20), [3])).toHaveLength(20);
    expect(limited(new Float32Array(0))).toHaveLength(0);
  });

  it('keeps no more back than it says', () => {
    const limiter = new TruePeakLimiter({ sampleRateHz: RATE, ceilingDbtp: CEILING });
    expect(limiter.delaySamples).toBeLessThanOrEqual(RATE * 0.006);
    expect(limiter.process(new Float32Array(5000))).toHaveLength(5000 - limiter.delaySamples);
  });

  it('lowers a burst without a click', () => {
    const burst = Float32Array.from({ length: RATE }, (_, i) => (i > 8000 && i < 12_000 ? 1.6 : 0.3) * Math.sin(i / 12));
    const out = limited(burst);
    const gains = [...burst.keys()].filter((i) => Math.abs(burst[i]) > 0.05).map((i) => ({ i, gain: out[i] / burst[i] }));
    for (let k = 1; k < gains.length; k++) {
      expect(Math.abs(gains[k].gain - gains[k - 1].gain)).toBeLessThanOrEqual((gains[k].i - gains[k - 1].i) / (RATE * 0.005) + 1e-4);
    }
    expect(largestStep(out)).toBeLessThanOrEqual(largestStep(burst));
    expect(out[RATE - 7]).toBeCloseTo(burst[RATE - 7], 3);
  });
});
