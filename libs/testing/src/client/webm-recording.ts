import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingsFolder } from './workspace';

/** A recording that Chromium's MediaRecorder made of a fixture: WebM with Opus, cut into the chunks of 100 ms that it came in. */
export function webmRecording(name: 'clean-time'): Buffer[] {
  const bytes = readFileSync(join(recordingsFolder(), `${name}.webm`));
  const lengths = readFileSync(join(recordingsFolder(), `${name}.chunks.txt`), 'utf8')
    .trim()
    .split('\n')
    .map(Number);
  let at = 0;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}
