import type { SynthesisedSpeech, Synthesiser } from '@parley/simulator';

const RATE_HZ = 16_000;
const SAMPLES_PER_CHARACTER = Math.round(RATE_HZ / 15);
const AMPLITUDE = 8_000;
const LOWEST_HZ = 300;
const STEP_HZ = 20;
const PITCHES = 41;
/** Samples below this are silence; shorter silences than this belong to a sine. */
const QUIET = 200;
const SHORTEST_SILENCE = 160;

/**
 * A voice in which every word is a sine with a pitch of its own, and every space is silence, so that a test can hear which words were
 * spoken. 15 characters a second at 16 kHz.
 */
export class DistinctWordSynthesiser implements Synthesiser {
  readonly ready = Promise.resolve();

  speak(text: string, _voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const pcm = new Int16Array((text.length + 1) * SAMPLES_PER_CHARACTER);
    const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
      const start = index * SAMPLES_PER_CHARACTER;
      const end = start + word.length * SAMPLES_PER_CHARACTER;
      const step = (2 * Math.PI * pitchOf(word)) / RATE_HZ;
      for (let at = start; at < end; at += 1) pcm[at] = Math.round(AMPLITUDE * Math.sin(step * (at - start)));
      return { word, startMs: (start * 1000) / RATE_HZ, endMs: (end * 1000) / RATE_HZ };
    });
    return Promise.resolve({ sampleRateHz: RATE_HZ, pcm, words });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A word as it was heard. */
export interface HeardWord {
  pitchHz: number;
  /** Length in characters. */
  length: number;
}

/** What is heard of a text that is spoken once. */
export const expectedWords = (text: string): HeardWord[] =>
  (text.match(/\S+/g) ?? []).map((word) => ({ pitchHz: pitchOf(word), length: word.length }));

/** Returns the words in a speech of `DistinctWordSynthesiser`, from its sound alone. */
export function heardWords(pcm: Int16Array): HeardWord[] {
  const words: HeardWord[] = [];
  let start: number | undefined;
  let lastLoud = 0;
  for (let at = 0; at <= pcm.length; at += 1) {
    const isLoud = Math.abs(pcm[at] ?? 0) > QUIET;
    if (isLoud) {
      start ??= at;
      lastLoud = at;
    } else if (start !== undefined && (at - lastLoud > SHORTEST_SILENCE || at === pcm.length)) {
      words.push(heardWord(pcm.subarray(start, lastLoud + 1)));
      start = undefined;
    }
  }
  return words;
}

function heardWord(pcm: Int16Array): HeardWord {
  let crossings = 0;
  for (let at = 1; at < pcm.length; at += 1) if ((pcm[at - 1] ?? 0) < 0 !== (pcm[at] ?? 0) < 0) crossings += 1;
  const measuredHz = (crossings / 2 / pcm.length) * RATE_HZ;
  const pitchHz = LOWEST_HZ + Math.round((measuredHz - LOWEST_HZ) / STEP_HZ) * STEP_HZ;
  return { pitchHz, length: Math.round(pcm.length / SAMPLES_PER_CHARACTER) };
}

function pitchOf(word: string): number {
  const hash = [...word].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
  return LOWEST_HZ + (hash % PITCHES) * STEP_HZ;
}
