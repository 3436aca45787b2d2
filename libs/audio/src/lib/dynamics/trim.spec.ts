import { type Tone, tones } from '../../testing/signals';
import { leadingSilence, trimTail } from './trim';

const RATE = 24_000;
const sound = (ms: number, dbfs = -20): Tone => ({ seconds: ms / 1000, dbfs, frequencyHz: 300 });
const silence = (ms: number): Tone => ({ seconds: ms / 1000 });
const ms = (samples: number): number => (samples * 1000) / RATE;

describe('trimTail', () => {
  it('cuts the beginning of the next line that a vendor has leaked', () => {
    const pcm = tones(RATE, sound(500), silence(60), sound(200), silence(100));
    expect(ms(trimTail(pcm, RATE, 500))).toBeGreaterThanOrEqual(500);
    expect(ms(trimTail(pcm, RATE, 500))).toBeLessThanOrEqual(560);
  });

  it('cuts it where it is quietest, when no silence is between', () => {
    const pcm = tones(RATE, sound(520), sound(20, -45), sound(300));
    expect(ms(trimTail(pcm, RATE, 500))).toBeGreaterThanOrEqual(520);
    expect(ms(trimTail(pcm, RATE, 500))).toBeLessThanOrEqual(540);
  });

  it('keeps a sound that dies away behind the last character', () => {
    const pcm = tones(RATE, sound(500), ...Array.from({ length: 12 }, (_, i) => sound(10, -22 - 3 * i)), silence(300));
    expect(ms(trimTail(pcm, RATE, 500))).toBeGreaterThanOrEqual(590);
    expect(ms(trimTail(pcm, RATE, 500))).toBeLessThanOrEqual(650);
  });

  it('keeps no more than 150 ms of a sound that does not die away', () => {
    expect(ms(trimTail(tones(RATE, sound(2000)), RATE, 500))).toBeLessThanOrEqual(650);
  });

  it('cuts silence that the alignment counts to the last character', () => {
    expect(ms(trimTail(tones(RATE, sound(500), silence(1000)), RATE, 1500))).toBeCloseTo(560, -1);
  });

  it('cuts silence where no alignment is known', () => {
    expect(ms(trimTail(tones(RATE, sound(500), silence(1000)), RATE))).toBeCloseTo(560, -1);
    expect(ms(trimTail(tones(RATE, sound(500), silence(60), sound(200)), RATE))).toBe(760);
  });

  it('never cuts behind the end', () => {
    expect(trimTail(tones(RATE, sound(500)), RATE, 480)).toBe(12_000);
    expect(trimTail(tones(RATE, sound(500)), RATE, 9000)).toBe(12_000);
    expect(trimTail(new Int16Array(0), RATE, 10)).toBe(0);
  });
});

describe('leadingSilence', () => {
  it('leaves a little before the first sound', () => {
    expect(ms(leadingSilence(tones(RATE, silence(400), sound(500)), RATE))).toBe(370);
  });

  it('counts noise far below the voice as silence', () => {
    expect(ms(leadingSilence(tones(RATE, sound(400, -70), sound(500)), RATE))).toBe(370);
  });

  it('finds none before a sound at the beginning, and none where all is silent', () => {
    expect(leadingSilence(tones(RATE, sound(100)), RATE)).toBe(0);
    expect(leadingSilence(new Int16Array(1000), RATE)).toBe(0);
    expect(leadingSilence(new Int16Array(0), RATE)).toBe(0);
  });
});
