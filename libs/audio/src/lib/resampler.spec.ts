import fc from 'fast-check';
import { fitTone, levelDb, sine } from '../testing/tone';
import { Resampler } from './resampler';

type Rates = [fromRateHz: number, toRateHz: number];

const RATES: Rates[] = [
  ...[8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000].map((rateHz): Rates => [rateHz, 16_000]),
  ...[24_000, 44_100, 48_000].map((rateHz): Rates => [16_000, rateHz]),
  ...[16_000, 22_050, 44_100, 48_000, 96_000, 192_000].map((rateHz): Rates => [24_000, rateHz]),
  // Ratios with too many phases for an exact table.
  [44_099, 16_000],
  [24_000, 44_101],
];

function whole(input: Float32Array, resampler: Resampler): Float32Array {
  return Float32Array.of(...resampler.process(input), ...resampler.flush());
}

/** A tone of 60 ms, resampled, without the 10 ms at either end where it is switched on and off. */
function steadyTone(frequencyHz: number, resampler: Resampler, [fromRateHz, toRateHz]: Rates): Float32Array {
  const output = whole(sine(frequencyHz, fromRateHz, Math.round(fromRateHz * 0.06)), resampler);
  return output.slice(Math.round(toRateHz * 0.01), Math.round(toRateHz * 0.05));
}

describe.each(RATES)('Resampler from %d Hz to %d Hz', (fromRateHz, toRateHz) => {
  const nyquistHz = Math.min(fromRateHz, toRateHz) / 2;
  const resampler = new Resampler({ fromRateHz, toRateHz });

  it('is flat within 0.1 dB up to 0.85 of the lower Nyquist frequency, with aliases and images more than 70 dB down', () => {
    for (const share of [0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.85]) {
      const frequencyHz = share * nyquistHz;
      const { toneDb, restDb } = fitTone(steadyTone(frequencyHz, resampler, [fromRateHz, toRateHz]), frequencyHz, toRateHz);
      expect(Math.abs(toneDb)).toBeLessThan(0.1);
      expect(restDb - toneDb).toBeLessThan(-70);
    }
  });

  it('suppresses the images of tones near the band edge', () => {
    for (const share of [0.9, 0.95, 0.99]) {
      const frequencyHz = share * nyquistHz;
      expect(fitTone(steadyTone(frequencyHz, resampler, [fromRateHz, toRateHz]), frequencyHz, toRateHz).restDb).toBeLessThan(-70);
    }
  });
});

const DOWNWARDS = RATES.filter(([fromRateHz, toRateHz]) => fromRateHz > toRateHz);

it.each(DOWNWARDS)('Resampler from %d Hz to %d Hz rejects tones that would alias by more than 70 dB', (fromRateHz, toRateHz) => {
  const nyquistHz = toRateHz / 2;
  const resampler = new Resampler({ fromRateHz, toRateHz });
  for (const share of [0.005, 0.05, 0.2, 0.4, 0.6, 0.8, 0.99]) {
    const frequencyHz = nyquistHz + share * (fromRateHz / 2 - nyquistHz);
    expect(levelDb(steadyTone(frequencyHz, resampler, [fromRateHz, toRateHz]))).toBeLessThan(-70);
  }
});

describe('Resampler', () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [16_000, 44_100],
    [24_000, 48_000],
    [44_099, 16_000],
  ])('gives the same output bit for bit for any block lengths (%d Hz to %d Hz)', (fromRateHz, toRateHz) => {
    const input = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i * i * 0.001));
    const resampler = new Resampler({ fromRateHz, toRateHz });
    const expected = whole(input, resampler);
    expect(expected).toHaveLength(Math.ceil((input.length * toRateHz) / fromRateHz));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 15 }), (lengths) => {
        const output: number[] = [];
        let at = 0;
        for (const length of [...lengths, input.length]) {
          output.push(...resampler.process(input.subarray(at, at + length)));
          at += length;
        }
        output.push(...resampler.flush());
        expect(Float32Array.from(output)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('does not drift over twenty seconds at 44.1 kHz', () => {
    const resampler = new Resampler({ fromRateHz: 44_100, toRateHz: 16_000 });
    const block = new Float32Array(4410);
    let made = 0;
    let worst = 0;
    const check = (output: Float32Array): void => {
      for (const sample of output) {
        if (made > 100 && made < 319_000) worst = Math.max(worst, Math.abs(sample - Math.sin((2 * Math.PI * 1000 * made) / 16_000)));
        made++;
      }
    };
    for (let start = 0; start < 20 * 44_100; start += block.length) {
      for (let i = 0; i < block.length; i++) block[i] = Math.sin((2 * Math.PI * 1000 * (start + i)) / 44_100);
      check(resampler.process(block));
    }
    check(resampler.flush());
    expect(made).toBe(320_000);
    expect(worst).toBeLessThan(0.001);
  });

  it.each(RATES)('delays its output by no more than delaySamples (%d Hz to %d Hz)', (fromRateHz, toRateHz) => {
    const resampler = new Resampler({ fromRateHz, toRateHz });
    const made = resampler.process(new Float32Array(fromRateHz)).length;
    const keptBack = toRateHz - made;
    expect(keptBack).toBeGreaterThan(0);
    expect(keptBack).toBeLessThanOrEqual(Math.ceil((resampler.delaySamples * toRateHz) / fromRateHz));
    expect(resampler.delaySamples / fromRateHz).toBeLessThan(0.006);
  });

  it('keeps a constant constant in every phase', () => {
    const output = whole(new Float32Array(2000).fill(0.25), new Resampler({ fromRateHz: 22_050, toRateHz: 16_000 })).slice(100, -100);
    expect(output.length).toBeGreaterThan(1000);
    expect(Math.max(...output.map((sample) => Math.abs(sample - 0.25)))).toBeLessThan(1e-6);
  });

  it('passes equal rates through', () => {
    const resampler = new Resampler({ fromRateHz: 16_000, toRateHz: 16_000 });
    const input = Float32Array.of(1, 2, 3);
    expect(resampler.process(input)).toBe(input);
    expect(resampler.flush()).toHaveLength(0);
    expect(resampler.delaySamples).toBe(0);
  });

  it('begins a new stream after flush and after reset', () => {
    const input = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i * 0.1));
    const resampler = new Resampler({ fromRateHz: 24_000, toRateHz: 48_000 });
    const expected = whole(input, resampler);
    resampler.process(new Float32Array(77).fill(1));
    resampler.flush();
    expect(Float32Array.of(...resampler.process(input), ...resampler.flush())).toEqual(expected);
    resampler.process(new Float32Array(33).fill(-1));
    resampler.reset();
    expect(Float32Array.of(...resampler.process(input), ...resampler.flush())).toEqual(expected);
  });

  it('reuses the same memory once the block lengths have settled', () => {
    const resampler = new Resampler({ fromRateHz: 48_000, toRateHz: 16_000 });
    const block = new Float32Array(128);
    for (let i = 0; i < 20; i++) resampler.process(block);
    const views = new Set(Array.from({ length: 100 }, () => resampler.process(block)));
    // 128 samples make 42 or 43.
    expect(views.size).toBe(2);
  });

  it.each([0, -16_000, 44_100.5, Number.NaN])('refuses a rate of %d', (rateHz) => {
    expect(() => new Resampler({ fromRateHz: rateHz, toRateHz: 16_000 })).toThrow(RangeError);
    expect(() => new Resampler({ fromRateHz: 16_000, toRateHz: rateHz })).toThrow(RangeError);
  });
});
