import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSileroWeights, type SileroWeights } from '../lib/silero/silero-weights';
import { parseWav } from '../lib/wav';

/** The recordings that specs use; their README says how they were made and measured. */
const RECORDINGS = join(__dirname, '../../../testing/recordings');
const ASSETS = join(__dirname, '../../assets');

export interface FixtureEntry {
  readonly file: string;
  readonly kind: string;
  readonly speech: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly expect: { readonly turns?: number };
}

/** A turn that the reference chain found in a recording, in ms of audio. */
export interface ReferenceTurn {
  readonly vadStartMs: number;
  readonly vadLastSpeechMs: number;
  readonly endOfTurnMs: number | null;
}

const json = (file: string): unknown => JSON.parse(readFileSync(join(RECORDINGS, file), 'utf8'));

export function fixtureEntries(): readonly FixtureEntry[] {
  return (json('manifest.json') as { files: FixtureEntry[] }).files;
}

export function referenceTurns(file: string): readonly ReferenceTurn[] {
  return (json('reference.json') as { files: Record<string, { turns: ReferenceTurn[] }> }).files[file].turns;
}

export function fixturePcm(file: string): Int16Array {
  const wav = parseWav(readFileSync(join(RECORDINGS, file)));
  if (!wav.ok || wav.sampleRateHz !== 16_000) throw new Error(`${file} is not a 16 kHz recording`);
  return wav.pcm;
}

export function sileroWeightsFile(): Uint8Array {
  return readFileSync(join(ASSETS, 'silero-vad-v6-16k.bin'));
}

export function sileroWeights(): SileroWeights {
  return parseSileroWeights(sileroWeightsFile());
}
