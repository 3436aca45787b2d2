import { babble, blocksOf, type Tone, tones } from '../../testing/signals';
import { LoudnessMeter } from './loudness-meter';

const RATE = 24_000;

const loudness = (sampleRateHz: number, ...channels: readonly Int16Array[]): number => {
  const meter = new LoudnessMeter({ sampleRateHz, channels: channels.length });
  meter.process(...channels);
  return meter.integratedLufs();
};

describe('LoudnessMeter', () => {
  // EBU Tech 3341, table 1, cases 1 to 5: the expected response is -23.0 or -33.0 LUFS, ±0.1 LU.
  const cases: readonly [string, number, readonly Tone[]][] = [
    ['a tone at -23 dBFS', -23, [{ seconds: 20, dbfs: -23 }]],
    ['a tone at -33 dBFS', -33, [{ seconds: 20, dbfs: -33 }]],
    ['quieter parts, which the relative gate leaves out', -23, [-36, -23, -36].map((dbfs, i) => ({ seconds: i === 1 ? 60 : 10, dbfs }))],
    [
      'nearly silent parts, which the absolute gate leaves out',
      -23,
      [-72, -36, -23, -36, -72].map((dbfs, i) => ({ seconds: i === 2 ? 60 : 10, dbfs })),
    ],
    ['louder and quieter parts that all count', -23, [-26, -20, -26].map((dbfs, i) => ({ seconds: i === 1 ? 20.1 : 20, dbfs }))],
  ];

  it.each(cases)('measures %s in both channels as EBU Tech 3341 expects', (_, expected, parts) => {
    const pcm = tones(RATE, ...parts);
    expect(Math.abs(loudness(RATE, pcm, pcm) - expected)).toBeLessThanOrEqual(0.1);
  });

  it.each(cases)('measures %s in one channel 3 LU lower', (_, expected, parts) => {
    expect(Math.abs(loudness(RATE, tones(RATE, ...parts)) - (expected - 3.01))).toBeLessThanOrEqual(0.1);
  });

  it.each([16_000, 22_050, 24_000, 44_100, 48_000])('measures the same tone alike at %i Hz', (sampleRateHz) => {
    const pcm = tones(sampleRateHz, { seconds: 3, dbfs: -23 });
    expect(Math.abs(loudness(sampleRateHz, pcm, pcm) + 23)).toBeLessThanOrEqual(0.1);
  });

  it('gives -3.01 LUFS for a sine of 997 Hz at full scale, as BS.1770-4 says', () => {
    expect(loudness(48_000, tones(48_000, { seconds: 5, dbfs: 0, frequencyHz: 997 }))).toBeCloseTo(-3.01, 1);
  });

  it('measures the same whatever the lengths of the blocks', () => {
    const pcm = babble(22_050, 5);
    const meter = new LoudnessMeter({ sampleRateHz: 22_050 });
    for (const block of blocksOf(pcm, [1, 441, 7, 5000])) meter.process(block);
    expect(meter.integratedLufs()).toBeCloseTo(loudness(22_050, pcm), 6);
  });

  it('measures a word shorter than a block as a whole', () => {
    expect(loudness(24_000, tones(24_000, { seconds: 0.3, dbfs: -20 }))).toBeCloseTo(-23, 0);
  });

  it.each([
    ['silence', new Int16Array(48_000)],
    ['nothing', new Int16Array(0)],
    ['what is below the absolute gate', tones(24_000, { seconds: 2, dbfs: -75 })],
  ])('has no loudness for %s', (_, pcm) => {
    expect(loudness(24_000, pcm)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('keeps what it measured of half an hour in 360 kB', () => {
    const meter = new LoudnessMeter({ sampleRateHz: 8000 });
    const minute = new Int16Array(60 * 8000).fill(100);
    for (let i = 0; i < 30; i++) meter.process(minute);
    expect(meter.energies().byteLength).toBe(360_000);
  });

  it('refuses what is not a rate, and more than two channels', () => {
    expect(() => new LoudnessMeter({ sampleRateHz: 0 })).toThrow('0 Hz is not a sample rate');
    expect(() => new LoudnessMeter({ sampleRateHz: 48_000, channels: 6 })).toThrow('the loudness of 6 channels is not measured');
  });
});
