import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeWav } from '@parley/audio';
import { type Fixture, fixture } from '@parley/testing/client';
import { MICROPHONES, type MicrophoneName, microphoneFile, type Utterance } from './microphones';
import { WEB_INDEX } from './paths';

const RATE_HZ = 16_000;
const SAMPLES_PER_MS = RATE_HZ / 1000;
/** Margin around the words of a recording, in ms; the manifest's times are accurate to 10 ms. */
const MARGIN_MS = 200;
/** Chromium plays the file once and then gives silence. */
const TAIL_MS = 1_000;

/** Writes the microphone recordings of all tests. A missing one is an error, because tests without a voice would prove nothing. */
export default function globalSetup(): void {
  if (!existsSync(WEB_INDEX)) throw new Error(`${WEB_INDEX} is missing: run "nx build web" first`);
  for (const name of Object.keys(MICROPHONES) as MicrophoneName[]) {
    const file = microphoneFile(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, encodeWav(mix(MICROPHONES[name]), RATE_HZ));
  }
}

function mix(utterances: readonly Utterance[]): Int16Array {
  const placed = utterances.map(({ atMs, file }) => ({ atMs, ...wordsOf(fixture(file)) }));
  const durationMs = Math.max(0, ...placed.map(({ atMs, pcm }) => atMs + pcm.length / SAMPLES_PER_MS)) + TAIL_MS;
  const track = new Int16Array(durationMs * SAMPLES_PER_MS);
  for (const { atMs, pcm, leadMs } of placed) track.set(pcm, (atMs - leadMs) * SAMPLES_PER_MS);
  return track;
}

/**
 * The part of a recording that contains speech, with a margin, or all of it if there is none. `leadMs` is the time before the first word.
 */
function wordsOf({ pcm, speech }: Fixture): { pcm: Int16Array; leadMs: number } {
  if (speech.length === 0) return { pcm, leadMs: 0 };
  const [{ startMs }] = speech;
  const endMs = Math.max(...speech.map((part) => part.endMs));
  const leadMs = Math.min(startMs, MARGIN_MS);
  return { pcm: pcm.subarray((startMs - leadMs) * SAMPLES_PER_MS, (endMs + MARGIN_MS) * SAMPLES_PER_MS), leadMs };
}
