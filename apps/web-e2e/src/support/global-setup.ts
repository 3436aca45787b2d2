import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeWav, parseWav } from '@parley/audio';
import { MICROPHONES, type MicrophoneName, microphoneFile, type Utterance } from './microphones';
import { FIXTURES, SERVER_MAIN, WEB_INDEX } from './paths';

const RATE_HZ = 16_000;
const SAMPLES_PER_MS = RATE_HZ / 1000;
/** Of the recording around its words: the manifest measures where they begin and end to 10 ms. */
const MARGIN_MS = 200;
/** Chromium plays the file once and then gives silence. */
const TAIL_MS = 1_000;

interface Recording {
  readonly pcm: Int16Array;
  readonly startMs: number;
  readonly endMs: number;
}

/** Writes the microphones of all tests. What is missing is an error: tests without a voice prove nothing. */
export default function globalSetup(): void {
  for (const [file, project] of [
    [SERVER_MAIN, 'api'],
    [WEB_INDEX, 'web'],
  ] as const) {
    if (!existsSync(file)) throw new Error(`${file} is missing: run "nx build ${project}" first`);
  }
  for (const name of Object.keys(MICROPHONES) as MicrophoneName[]) {
    const file = microphoneFile(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, encodeWav(mix(MICROPHONES[name]), RATE_HZ));
  }
}

function mix(utterances: readonly Utterance[]): Int16Array {
  const placed = utterances.map(({ atMs, file }) => ({ atMs, recording: read(file) }));
  const durationMs = Math.max(0, ...placed.map(({ atMs, recording }) => atMs + recording.endMs - recording.startMs)) + TAIL_MS;
  const track = new Int16Array(durationMs * SAMPLES_PER_MS);
  for (const { atMs, recording } of placed) {
    const fromMs = Math.max(0, recording.startMs - MARGIN_MS);
    const words = recording.pcm.subarray(fromMs * SAMPLES_PER_MS, (recording.endMs + MARGIN_MS) * SAMPLES_PER_MS);
    track.set(words, (atMs - (recording.startMs - fromMs)) * SAMPLES_PER_MS);
  }
  return track;
}

function read(file: string): Recording {
  if (!existsSync(FIXTURES)) throw new Error(`the recordings are missing: ${FIXTURES}`);
  const { files } = JSON.parse(readFileSync(join(FIXTURES, 'manifest.json'), 'utf8')) as {
    files: { file: string; speech: { startMs: number; endMs: number }[] }[];
  };
  const speech = files.find((entry) => entry.file === file)?.speech;
  const wav = parseWav(readFileSync(join(FIXTURES, file)));
  if (!speech?.length || !wav.ok || wav.sampleRateHz !== RATE_HZ)
    throw new Error(`${file} is not a 16 kHz recording of speech in the manifest`);
  return { pcm: wav.pcm, startMs: speech[0].startMs, endMs: Math.max(...speech.map(({ endMs }) => endMs)) };
}
