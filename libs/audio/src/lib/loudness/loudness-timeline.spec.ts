import fc from 'fast-check';
import { babble } from '../../testing/signals';
import { LoudnessMeter } from './loudness-meter';
import { LoudnessTimeline } from './loudness-timeline';

const RATE = 24_000;

const measured = (pcm: Int16Array): LoudnessMeter => {
  const meter = new LoudnessMeter({ sampleRateHz: RATE });
  meter.process(pcm);
  return meter;
};

describe('LoudnessTimeline', () => {
  it('knows the loudness of parts with pauses and gains without reading them again', () => {
    const part = fc.record({
      seconds: fc.integer({ min: 300, max: 4000 }).map((ms) => ms / 1000),
      pauseSamples: fc.integer({ min: 0, max: RATE }),
      gainDb: fc.integer({ min: -12, max: 3 }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const recordings = parts.map(({ seconds, seed }) => babble(RATE, seconds, { seed, amplitude: 0.2 }));
        const total = parts.reduce((sum, { pauseSamples }, i) => sum + recordings[i].length + pauseSamples, 0);
        const whole = new Int16Array(total);
        const timeline = new LoudnessTimeline((total * 1000) / RATE);
        let at = 0;
        parts.forEach(({ pauseSamples, gainDb }, i) => {
          const factor = 10 ** (gainDb / 20);
          whole.set(
            recordings[i].map((sample) => Math.round(sample * factor)),
            at,
          );
          timeline.add({ energies: measured(recordings[i]).energies(), startMs: (at * 1000) / RATE, gainDb });
          at += recordings[i].length + pauseSamples;
        });
        expect(Math.abs(timeline.integratedLufs() - measured(whole).integratedLufs())).toBeLessThan(0.1);
      }),
      { numRuns: 10 },
    );
  });

  it('is silent without parts', () => {
    expect(new LoudnessTimeline(1000).integratedLufs()).toBe(Number.NEGATIVE_INFINITY);
  });

  it('does not count what lies beyond its end', () => {
    const timeline = new LoudnessTimeline(1000);
    timeline.add({ energies: measured(babble(RATE, 3)).energies(), startMs: 1000, gainDb: 0 });
    expect(timeline.integratedLufs()).toBe(Number.NEGATIVE_INFINITY);
  });
});
