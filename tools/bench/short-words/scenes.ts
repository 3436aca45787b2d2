import { floatToPcm16, pcm16ToFloat, resamplePcm16 } from '@parley/audio';
import type { Synthesiser } from '@parley/simulator';
import { backgroundOf, stretchOf } from '@parley/testing';

/** A short word as it is said in a scene: samples of -1..1 at 16 kHz. */
export interface ShortWord {
  readonly text: string;
  readonly speaker: string;
  /** Of its loudest sample. */
  readonly levelDbfs: number;
  readonly samples: Float32Array;
}

export const WORDS = 'yes no hi yep ok stop what why go wait right hey sure nope bye one two ten'.split(' ');
/** flite's. */
export const SPEAKERS = ['slt', 'kal16', 'rms', 'awb'];
export const LEVELS_DBFS = [-9, -24];

const RATE_HZ = 16_000;
const SAMPLES_PER_MS = 16;
const SPEAK_TIMEOUT_MS = 30_000;
const LEAD_MS = 1_000;
/** Enough for the word to end a turn. */
const TAIL_MS = 1_600;
/** The question before, from its recording, and where the assistant is in its answer when the word is said. */
const QUESTION = { file: 'clean-time.wav', endMs: 1_130 };
const ANSWER_MS: readonly [number, number] = [2_000, 4_000];

/** Every word of every speaker at every level. */
export async function sayAll(synthesiser: Synthesiser): Promise<ShortWord[]> {
  const words: ShortWord[] = [];
  for (const speaker of SPEAKERS) {
    for (const text of WORDS) {
      const { pcm, sampleRateHz } = await synthesiser.speak(text, speaker, AbortSignal.timeout(SPEAK_TIMEOUT_MS));
      const said = Float32Array.from(resamplePcm16(pcm, sampleRateHz, RATE_HZ), pcm16ToFloat);
      for (const levelDbfs of LEVELS_DBFS) words.push({ text, speaker, levelDbfs, samples: atPeak(said, levelDbfs) });
    }
  }
  return words;
}

/** The word alone, in a quiet room. */
export const asTurn = ({ samples }: ShortWord, random: () => number): Int16Array =>
  inQuietRoom([{ samples, atMs: LEAD_MS }], LEAD_MS + samples.length / SAMPLES_PER_MS + TAIL_MS, random);

/** A question, and the word while it is being answered. */
export function overAssistant({ samples }: ShortWord, random: () => number): Int16Array {
  const question = stretchOf(QUESTION.file, 0, QUESTION.endMs);
  const [leastMs, mostMs] = ANSWER_MS;
  const atMs = QUESTION.endMs + leastMs + random() * (mostMs - leastMs);
  return inQuietRoom(
    [
      { samples: question, atMs: 0 },
      { samples, atMs },
    ],
    atMs + samples.length / SAMPLES_PER_MS + TAIL_MS,
    random,
  );
}

interface Said {
  readonly samples: Float32Array;
  readonly atMs: number;
}

function inQuietRoom(all: readonly Said[], durationMs: number, random: () => number): Int16Array {
  const mixed = backgroundOf('a quiet room', Math.round(durationMs * SAMPLES_PER_MS), random);
  for (const { samples, atMs } of all) {
    const from = Math.floor(atMs * SAMPLES_PER_MS);
    for (let i = 0; i < samples.length && from + i < mixed.length; i++) mixed[from + i] += samples[i];
  }
  return Int16Array.from(mixed, floatToPcm16);
}

function atPeak(samples: Float32Array, dbfs: number): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = 10 ** (dbfs / 20) / peak;
  return samples.map((sample) => sample * gain);
}
