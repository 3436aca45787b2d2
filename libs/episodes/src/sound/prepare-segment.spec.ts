import { evenTimes, joined, largestStep, RATE, silence, voice } from '../testing/sounds';
import { measure } from './measure';
import { prepareSegment } from './prepare-segment';

const ms = (pcm: Int16Array): number => (pcm.length * 1000) / RATE;

describe('prepareSegment', () => {
  it.each([
    ['a quiet voice', voice(3, { amplitude: 0.08 })],
    ['a loud voice', voice(3, { amplitude: 0.9 })],
    ['a single word', voice(0.3)],
  ])('brings %s to the loudness of an episode', (_, pcm) => {
    const { measurement } = prepareSegment({ pcm, sampleRateHz: RATE });
    expect(Math.abs(measurement.loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(measurement.truePeakDbtp).toBeLessThanOrEqual(-1.5);
  });

  it('gives back what the limiter takes from a voice with high peaks', () => {
    const pcm = voice(3, { amplitude: 0.12 });
    for (let i = 2000; i < pcm.length; i += 6000) for (let k = 0; k < 24; k++) pcm[i + k] = 26_000 * Math.sin((Math.PI * k) / 12);
    const { measurement } = prepareSegment({ pcm, sampleRateHz: RATE });
    expect(Math.abs(measurement.loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(measurement.truePeakDbtp).toBeLessThanOrEqual(-1.5);
  });

  it('takes another goal', () => {
    const { measurement } = prepareSegment({ pcm: voice(3), sampleRateHz: RATE }, { targetLufs: -23, ceilingDbtp: -6 });
    expect(Math.abs(measurement.loudnessLufs + 23)).toBeLessThanOrEqual(0.3);
    expect(measurement.truePeakDbtp).toBeLessThanOrEqual(-6);
  });

  it('does not make noise as loud as speech', () => {
    const { measurement } = prepareSegment({ pcm: voice(2, { amplitude: 0.001 }), sampleRateHz: RATE });
    expect(measurement.loudnessLufs).toBeLessThan(-30);
  });

  it('takes away the beginning of the next line, and moves the characters', () => {
    const pcm = joined(silence(0.3), voice(1), silence(0.06), voice(0.2), silence(0.2));
    const prepared = prepareSegment({ pcm, sampleRateHz: RATE, alignment: evenTimes('Hello. ', 300, 1350) });
    expect(ms(prepared.pcm)).toBeGreaterThanOrEqual(1030);
    expect(ms(prepared.pcm)).toBeLessThanOrEqual(1100);
    expect(prepared.alignment?.chars.join('')).toBe('Hello. ');
    expect(prepared.alignment?.startMs[0]).toBeCloseTo(30, 0);
    const ends = prepared.alignment?.startMs.map((start, i) => start + (prepared.alignment?.durationMs[i] ?? 0)) ?? [];
    expect(Math.max(...ends)).toBeLessThanOrEqual(ms(prepared.pcm));
  });

  it('begins and ends in silence, without a step larger than those of the voice', () => {
    const pcm = voice(1).subarray(1234, 20_000);
    const prepared = prepareSegment({ pcm, sampleRateHz: RATE });
    expect(prepared.pcm[0]).toBe(0);
    expect(prepared.pcm.at(-1)).toBe(0);
    const edges = [prepared.pcm.subarray(0, 300), prepared.pcm.subarray(-300)];
    for (const edge of edges) expect(largestStep(edge)).toBeLessThanOrEqual(largestStep(prepared.pcm.subarray(300, -300)));
  });

  it('measures what it gives out', () => {
    const { pcm, measurement } = prepareSegment({ pcm: voice(2), sampleRateHz: RATE });
    expect(measurement).toEqual(measure(pcm, RATE));
  });

  it('leaves silence, and nothing, as it is', () => {
    const silent = prepareSegment({ pcm: silence(1), sampleRateHz: RATE });
    expect(silent.pcm.every((sample) => sample === 0)).toBe(true);
    expect(silent.measurement).toMatchObject({ loudnessLufs: -70, truePeakDbtp: -100 });
    const none = prepareSegment({ pcm: new Int16Array(0), sampleRateHz: RATE, alignment: evenTimes('', 0, 0) });
    expect(none).toMatchObject({ pcm: new Int16Array(0), alignment: { chars: [] }, measurement: { samples: 0 } });
  });

  it('does not write to the audio it was given', () => {
    const pcm = voice(0.5);
    const copy = pcm.slice();
    prepareSegment({ pcm, sampleRateHz: RATE });
    expect(pcm).toEqual(copy);
  });
});
