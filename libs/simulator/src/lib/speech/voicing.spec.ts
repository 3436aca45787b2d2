import { seededRandom } from '../random.ts';
import { readFixture } from './testing/read-fixture.ts';
import { hasVoice, Voicing } from './voicing.ts';

const samples = (durationMs: number, of: (second: number) => number): Int16Array =>
  Int16Array.from({ length: durationMs * 16 }, (_, index) => Math.round(of(index / 16_000)));

function noise(durationMs: number, amplitude: number): Int16Array {
  const random = seededRandom(1);
  return samples(durationMs, () => amplitude * (2 * random() - 1));
}

const sum = (a: Int16Array, b: Int16Array): Int16Array => a.map((sample, index) => sample + (b[index] ?? 0));

/** A vowel is rich in harmonics. */
const vowel = (durationMs: number, pitchHz: number, amplitude = 4_000): Int16Array =>
  samples(
    durationMs,
    (second) => amplitude * Math.exp(-4 * ((second * pitchHz) % 1)) * Math.sin(2 * Math.PI * 8 * ((second * pitchHz) % 1)),
  );

describe('the voicing of a sound', () => {
  it.each(['backchannel-okay', 'backchannel-right', 'backchannel-uhhuh', 'interrupt-short', 'clean-time', 'noisy-babble-10db'])(
    'is there in what is said: %s',
    (fixture) => expect(hasVoice(readFixture(fixture))).toBe(true),
  );

  it.each(['burst-cough', 'burst-click', 'burst-keyboard', 'burst-slam'])('is not there in a noise: %s', (fixture) =>
    expect(hasVoice(readFixture(fixture))).toBe(false),
  );

  it.each([80, 110, 200, 350])('is there in a vowel of %i Hz, also over noise', (pitchHz) => {
    expect(hasVoice(vowel(120, pitchHz))).toBe(true);
    expect(hasVoice(sum(vowel(120, pitchHz), noise(120, 400)))).toBe(true);
  });

  it('is not there in silence, in nothing, or in noise of any level', () => {
    expect(hasVoice(new Int16Array(16_000))).toBe(false);
    expect(hasVoice(new Int16Array(0))).toBe(false);
    for (const amplitude of [1, 100, 20_000]) expect(hasVoice(noise(1_000, amplitude))).toBe(false);
  });

  it('is not there in a noise over a hum', () => {
    const hum = samples(1_000, (second) => 40 * Math.sin(2 * Math.PI * 100 * second));
    const burst = new Int16Array(16_000);
    burst.set(noise(200, 8_000), 6_400);
    expect(hasVoice(sum(hum, burst))).toBe(false);
  });

  it('does not depend on the pieces that the sound comes in', () => {
    const voicing = new Voicing();
    const pcm = vowel(200, 120);
    for (let at = 0; at < pcm.length; at += 37) voicing.push(pcm.subarray(at, at + 37));
    expect(voicing.isHeard).toBe(true);
  });
});
