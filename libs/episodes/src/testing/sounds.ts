import { joinPcm } from '@parley/audio';
import { type CharacterTimes } from '../sound/character-times';

export const RATE = 24_000;

/** A global is looked up slowly where specs run. */
const { abs, max, sin, round, PI } = Math;

export interface VoiceOptions {
  readonly amplitude?: number;
  readonly pitchHz?: number;
}

/** A voice that says about four syllables a second: harmonics with an envelope that goes down to a twentieth between them. */
export function voice(seconds: number, { amplitude = 0.3, pitchHz = 140 }: VoiceOptions = {}): Int16Array {
  return Int16Array.from({ length: round(seconds * RATE) }, (_, i) => {
    const t = i / RATE;
    let sample = 0;
    for (let harmonic = 1; harmonic <= 8; harmonic++) sample += sin(2 * PI * pitchHz * harmonic * t + harmonic) / harmonic;
    return round(32767 * amplitude * (0.05 + sin(PI * 4 * t) ** 2) * sample * 0.5);
  });
}

export const joined = (...parts: readonly Int16Array[]): Int16Array => joinPcm(parts);

export const silence = (seconds: number): Int16Array => new Int16Array(Math.round(seconds * RATE));

/** The largest difference between two samples that follow each other. */
export function largestStep(pcm: Int16Array): number {
  let largest = 0;
  for (let i = 1; i < pcm.length; i++) largest = max(largest, abs(pcm[i] - pcm[i - 1]));
  return largest;
}

/** Characters of equal length, one behind the other. */
export function evenTimes(text: string, startMs: number, endMs: number): CharacterTimes {
  const chars = [...text];
  const each = (endMs - startMs) / chars.length;
  return { chars, startMs: chars.map((_, i) => startMs + i * each), durationMs: chars.map(() => each) };
}
