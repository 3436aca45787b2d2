import { joinPcm } from '@parley/audio';
import type { SpeechChunk } from '@parley/providers';
import { amplitudeOf, pitchOf } from './word-tones';

/** A narration in which no word occurs twice, spoken by `WordTones`: what became of its words. */
export interface NarratedWords {
  words: number;
  /** By the alignment. */
  missing: number;
  repeated: number;
  /** Words that come before one that is written before them. */
  misplaced: number;
  /** Words whose tone is in the sound at the time that the alignment gives. */
  heard: number;
  audioMs: number;
  /** Between two neighbouring samples. */
  largestStep: number;
}

interface SpokenWord {
  word: string;
  startMs: number;
  endMs: number;
}

/** The share of a tone's energy that must be there. What is faded at a joint is less than the rest. */
const HEARD_SHARE = 0.5;

export function judgeWords(text: string, chunks: readonly SpeechChunk[], sampleRateHz: number): NarratedWords {
  const written = text.split(' ');
  const spoken = spokenWords(chunks);
  const places = new Map(written.map((word, place) => [word, place]));
  const counts = new Map<string, number>();
  for (const { word } of spoken) counts.set(word, (counts.get(word) ?? 0) + 1);
  const placed = spoken.map(({ word }) => places.get(word) ?? -1);
  const pcm = joinPcm(chunks.map((chunk) => chunk.pcm));
  return {
    words: written.length,
    missing: written.filter((word) => !counts.has(word)).length,
    repeated: [...counts.values()].filter((count) => count > 1).length,
    misplaced: placed.filter((place, i) => i > 0 && place <= (placed[i - 1] ?? -1)).length,
    heard: spoken.filter((word) => isHeard(word, pcm, sampleRateHz)).length,
    audioMs: (pcm.length * 1_000) / sampleRateHz,
    largestStep: pcm.reduce((most, sample, i) => Math.max(most, i === 0 ? 0 : Math.abs(sample - (pcm[i - 1] ?? 0))), 0),
  };
}

function spokenWords(chunks: readonly SpeechChunk[]): SpokenWord[] {
  const words: SpokenWord[] = [];
  let open: SpokenWord | undefined;
  for (const { chars, startMs, durationMs } of chunks.flatMap(({ alignment }) => alignment ?? [])) {
    for (const [i, char] of chars.entries()) {
      const start = startMs[i] ?? 0;
      const end = start + (durationMs[i] ?? 0);
      if (char.trim() === '') open = undefined;
      else if (open) Object.assign(open, { word: open.word + char, endMs: end });
      else words.push((open = { word: char, startMs: start, endMs: end }));
    }
  }
  return words;
}

function isHeard({ word, startMs, endMs }: SpokenWord, pcm: Int16Array, sampleRateHz: number): boolean {
  const tone = pcm.subarray(Math.round((startMs * sampleRateHz) / 1_000), Math.round((endMs * sampleRateHz) / 1_000));
  return amplitudeAt(pitchOf(word), tone, sampleRateHz) >= HEARD_SHARE * amplitudeOf(word);
}

/** Of the part of the sound that has this pitch. */
function amplitudeAt(pitchHz: number, pcm: Int16Array, sampleRateHz: number): number {
  const step = (2 * Math.PI * pitchHz) / sampleRateHz;
  let real = 0;
  let imaginary = 0;
  for (const [i, sample] of pcm.entries()) {
    real += sample * Math.cos(step * i);
    imaginary += sample * Math.sin(step * i);
  }
  return (2 * Math.hypot(real, imaginary)) / Math.max(1, pcm.length);
}
