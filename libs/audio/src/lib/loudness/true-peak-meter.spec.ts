import { babble, blocksOf, sineFrom } from '../../testing/signals';
import { SILENCE_DBFS } from '../pcm';
import { TruePeakMeter } from './true-peak-meter';

const pcm16 = (samples: Float32Array): Int16Array => Int16Array.from(samples, (sample) => Math.round(sample * 32767));

const peak = (pcm: Int16Array): number => {
  const meter = new TruePeakMeter();
  meter.process(pcm);
  return meter.peakDbtp();
};

/** Begins and ends softly: an edge would ring. */
const swelling = (samples: Float32Array): Float32Array =>
  samples.map((sample, i) => sample * Math.min(1, i / 500, (samples.length - 1 - i) / 500));

describe('TruePeakMeter', () => {
  // EBU Tech 3341, cases 15 to 18: -6.0 dBTP, +0.2/-0.4 dB.
  it.each([
    ['a quarter of the rate at its crests', 4, 0],
    ['a quarter of the rate beside its crests', 4, 45],
    ['a sixth of the rate beside its crests', 6, 60],
    ['an eighth of the rate beside its crests', 8, 67.5],
  ])('finds the crest of a sine sampled at %s', (_, samplesPerPeriod, phase) => {
    expect(Math.abs(peak(pcm16(swelling(sineFrom(phase, samplesPerPeriod, 4800, 0.5)))) + 6.02)).toBeLessThanOrEqual(0.2);
  });

  it('finds a crest above full scale that no sample shows', () => {
    const pcm = pcm16(swelling(sineFrom(45, 4, 4800, 1.41)));
    expect(Math.max(...pcm)).toBeLessThan(32767);
    expect(Math.abs(peak(pcm) - 3)).toBeLessThanOrEqual(0.2);
  });

  it('measures the same whatever the lengths of the blocks', () => {
    const pcm = babble(24_000, 2);
    const meter = new TruePeakMeter();
    for (const block of blocksOf(pcm, [1, 3, 40, 2400])) meter.process(block);
    expect(meter.peakDbtp()).toBe(peak(pcm));
  });

  it('sees a peak in the last sample, and can go on after it was asked', () => {
    const meter = new TruePeakMeter();
    meter.process(Int16Array.of(0, 0, 16384));
    expect(meter.peakDbtp()).toBeCloseTo(-6.02, 1);
    meter.process(Int16Array.of(16384, 16384));
    expect(meter.peakDbtp()).toBeGreaterThan(-5.8);
  });

  it('calls silence, and nothing, silent', () => {
    expect(peak(new Int16Array(100))).toBe(SILENCE_DBFS);
    expect(peak(new Int16Array(0))).toBe(SILENCE_DBFS);
  });
});
