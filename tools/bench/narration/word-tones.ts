import type { SpokenWord, SynthesisedSpeech, Synthesiser } from '@parley/simulator';

const RATE_HZ = 24_000;
const MS_PER_CHARACTER = 1_000 / 15;
/** Of the tones. */
export const AMPLITUDE = 8_000;
const EDGE_MS = 12;
const LOWEST_HZ = 150;
const HIGHEST_HZ = 900;

/**
 * A synthesiser that costs next to nothing: each word is one tone that swells and fades, with silence where the space is, 15 characters a
 * second. So words can be counted in the sound, and a joint that is not smooth is seen in the samples.
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
  const edge = samplesOf(EDGE_MS);
  for (let i = 0; i < samples; i++) {
    const swell = Math.min(1, i / edge, (samples - i) / edge);
    pcm[start + i] = Math.round(AMPLITUDE * Math.sin((swell * Math.PI) / 2) ** 2 * Math.sin(step * i));
  }
}

/** The pitch of a word's tone, in Hz. */
export function pitchOf(word: string): number {
  const hash = [...word].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
  return LOWEST_HZ + (hash % (HIGHEST_HZ - LOWEST_HZ));
}
