import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWav } from '@parley/audio';
import { FRAME_MS } from './input-frame';
import { recordingsFolder } from './workspace';

/** A recording (16 kHz mono), and when something is said in it, in milliseconds from its start. */
export interface Fixture {
  readonly file: string;
  readonly pcm: Int16Array;
  readonly speech: readonly { readonly startMs: number; readonly endMs: number; readonly text: string }[];
}

const SAMPLES_PER_MS = 16;
const QUIET_ROOM_PEAK = 14;

const manifest = () =>
  JSON.parse(readFileSync(join(recordingsFolder(), 'manifest.json'), 'utf8')) as { files: Pick<Fixture, 'file' | 'speech'>[] };

/** The recording of that file name. Throws when it does not exist: a suite without recordings would prove nothing. */
export function fixture(file: string): Fixture {
  const entry = manifest().files.find((candidate) => candidate.file === file);
  const wav = parseWav(readFileSync(join(recordingsFolder(), file)));
  if (entry === undefined || !wav.ok || wav.sampleRateHz !== 16_000) throw new Error(`${file} is not a 16 kHz recording of the manifest`);
  return { file, speech: entry.speech, pcm: wav.pcm };
}

/** All recordings of the manifest. */
export function fixtureNames(): string[] {
  return manifest().files.map(({ file }) => file);
}

/** The part of a recording from its start to the end of what is said last. */
export function untilSpeechEnd({ pcm, speech }: Fixture): Int16Array {
  const endMs = Math.max(...speech.map((part) => part.endMs));
  return pcm.slice(0, endMs * SAMPLES_PER_MS);
}

/** Digital silence (all samples 0), as from a microphone that is switched off. */
export const silence = (durationMs: number): Int16Array => new Int16Array(durationMs * SAMPLES_PER_MS);

/** What a microphone records when nobody speaks: noise at -72 dBFS, as between the words of the recordings. The same in every run. */
export function quietRoom(durationMs: number): Int16Array {
  const pcm = silence(durationMs);
  let seed = 1;
  for (let at = 0; at < pcm.length; at++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    pcm[at] = Math.round((seed / 0x4000_0000 - 1) * QUIET_ROOM_PEAK);
  }
  return pcm;
}

/** The voice detector uses windows of 32 ms, and clients send frames of 20 ms, so a sound may begin at eight positions within a window. */
const ALIGNMENTS = 8;
const LEAD_MS = 2_000;
const TAIL_MS = 1_200;

/** The recording at each of these positions, with some background before it and enough after it to end a turn. */
function atEveryAlignment({ pcm }: Fixture, background: (durationMs: number) => Int16Array): Int16Array[] {
  return Array.from({ length: ALIGNMENTS }, (_, shift) => {
    const leadMs = LEAD_MS + shift * FRAME_MS;
    const all = background(leadMs + pcm.length / SAMPLES_PER_MS + TAIL_MS);
    all.set(pcm, leadMs * SAMPLES_PER_MS);
    return all;
  });
}

const BACKGROUNDS = { 'a quiet room': quietRoom, 'digital silence': silence };

/** Noises, and the background before each. Only the cough was ever taken for a voice, and that depends on the background. */
export const NOISES: readonly (readonly [file: string, background: keyof typeof BACKGROUNDS])[] = [
  ['burst-click.wav', 'a quiet room'],
  ['burst-keyboard.wav', 'a quiet room'],
  ['burst-slam.wav', 'a quiet room'],
  ['burst-cough.wav', 'a quiet room'],
  ['burst-cough.wav', 'digital silence'],
];

export const noiseAtEveryAlignment = (file: string, background: keyof typeof BACKGROUNDS): Int16Array[] =>
  atEveryAlignment(fixture(file), BACKGROUNDS[background]);
