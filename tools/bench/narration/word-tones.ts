import type { SpokenWord, SynthesisedSpeech, Synthesiser } from '@parley/simulator';

const RATE_HZ = 24_000;
const MS_PER_CHARACTER = 1_000 / 15;
const QUIETEST = 3_000;
const LOUDEST = 12_000;
const EDGE_MS = 12;
const LOWEST_HZ = 150;
const HIGHEST_HZ = 900;

/**
 * A synthesiser that costs next to nothing: each word is one tone that swells and fades, with silence where the space is, 15 characters a
 * second. So words can be counted in the sound, and a joint that is not smooth is seen in the samples. Words are of different loudness, as in
 * speech.
 */
export class WordTones implements Synthesiser {
  readonly ready = Promise.resolve();

  speak(text: string, _voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const words: SpokenWord[] = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
      word,
      startMs: index * MS_PER_CHARACTER,
      endMs: (index + word.length) * MS_PER_CHARACTER,
    }));
    const pcm = new Int16Array(samplesOf(words.length === 0 ? 0 : (text.length + 1) * MS_PER_CHARACTER));
    for (const word of words) addTone(pcm, word);
    return Promise.resolve({ sampleRateHz: RATE_HZ, pcm, words });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const samplesOf = (ms: number): number => Math.round((ms * RATE_HZ) / 1_000);

function addTone(pcm: Int16Array, { word, startMs, endMs }: SpokenWord): void {
  const start = samplesOf(startMs);
  const samples = samplesOf(endMs) - start;
  const step = (2 * Math.PI * pitchOf(word)) / RATE_HZ;
  const amplitude = amplitudeOf(word);
  const edge = samplesOf(EDGE_MS);
  for (let i = 0; i < samples; i++) {
    const swell = Math.min(1, i / edge, (samples - i) / edge);
    pcm[start + i] = Math.round(amplitude * Math.sin((swell * Math.PI) / 2) ** 2 * Math.sin(step * i));
  }
}

/** The pitch of a word's tone, in Hz. */
export const pitchOf = (word: string): number => LOWEST_HZ + (hashOf(word) % (HIGHEST_HZ - LOWEST_HZ));

/** The amplitude of a word's tone. */
export const amplitudeOf = (word: string): number => QUIETEST + (hashOf(`loudness of ${word}`) % (LOUDEST - QUIETEST));

function hashOf(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
}
