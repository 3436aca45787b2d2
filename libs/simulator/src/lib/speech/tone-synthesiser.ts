import type { SpokenWord, SynthesisedSpeech, Synthesiser } from './ports.ts';

const SAMPLE_RATE_HZ = 16_000;
const MS_PER_CHARACTER = 1000 / 15;
const AMPLITUDE = 8000;
const LOWEST_HZ = 200;
const HIGHEST_HZ = 1000;

/** A synthesiser without speech technology: a sine whose pitch depends on the voice, 15 characters a second. For tests. */
export class ToneSynthesiser implements Synthesiser {
  readonly ready = Promise.resolve();

  speak(text: string, voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const words = evenlySpread(text);
    const samples = words.length === 0 ? 0 : Math.round((text.length * MS_PER_CHARACTER * SAMPLE_RATE_HZ) / 1000);
    const step = (2 * Math.PI * toneHz(voice)) / SAMPLE_RATE_HZ;
    const pcm = Int16Array.from({ length: samples }, (_, i) => Math.round(AMPLITUDE * Math.sin(step * i)));
    return Promise.resolve({ sampleRateHz: SAMPLE_RATE_HZ, pcm, words });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The pitch of a voice, in Hz: the same for the same id, so that a test can tell voices apart. */
export function toneHz(voice: string): number {
  const hash = [...voice].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
  return LOWEST_HZ + (hash % (HIGHEST_HZ - LOWEST_HZ));
}

/** Each word from its first character's time to its last one's. */
function evenlySpread(text: string): SpokenWord[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    word,
    startMs: Math.round(index * MS_PER_CHARACTER),
    endMs: Math.round((index + word.length) * MS_PER_CHARACTER),
  }));
}
