import { type AudioFiles, type EpisodeFile } from '../audio-files';
import { type Measurement } from '../sound';
import { bytesOf, readMeasuredFile, writeMeasuredFile } from './measured-file';

/** The prepared audio of a segment, as far as it can be known without reading it. */
export interface SegmentSound {
  readonly measurement: Measurement;
  /** Key in the audio cache of what it was made of: tells whether it belongs to what the segment says now. */
  readonly key: string;
}

const BYTES_PER_SAMPLE = 2;
const BLOCK_BYTES = 24_000;

const fileOf = (segmentId: string): EpisodeFile => ({ type: 'segment', segmentId });

/** Writes a segment: its PCM, and behind it what was measured. */
export async function writeSegmentSound(
  files: AudioFiles,
  episodeId: string,
  segmentId: string,
  pcm: Int16Array,
  sound: SegmentSound,
): Promise<void> {
  await writeMeasuredFile(files, episodeId, fileOf(segmentId), [bytesOf(pcm)], () => sound);
}

/** `undefined` if there is no such file, or it is not one that was written by `writeSegmentSound`. */
export async function readSegmentSound(files: AudioFiles, episodeId: string, segmentId: string): Promise<SegmentSound | undefined> {
  const found = await readMeasuredFile(files, episodeId, fileOf(segmentId));
  if (!found || found.audioBytes !== found.measurement.samples * BYTES_PER_SAMPLE) return undefined;
  const { key, measurement } = found;
  return { key, measurement };
}

/** The PCM of a segment that was found by `readSegmentSound`, in blocks of half a second at 24 kHz. */
export async function* segmentPcm(
  files: AudioFiles,
  episodeId: string,
  segmentId: string,
  samples: number,
  signal?: AbortSignal,
): AsyncGenerator<Int16Array> {
  const bytes = files.read(episodeId, fileOf(segmentId), { start: 0, end: samples * BYTES_PER_SAMPLE }, signal);
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of bytes) {
    const joined = rest.length === 0 ? part : Buffer.concat([rest, part]);
    const whole = joined.length - (joined.length % BYTES_PER_SAMPLE);
    for (let at = 0; at < whole; at += BLOCK_BYTES) yield samplesOf(joined.subarray(at, Math.min(whole, at + BLOCK_BYTES)));
    rest = joined.subarray(whole);
  }
}

/** A copy. The files are little-endian, as every host that we run on. */
function samplesOf(bytes: Buffer): Int16Array {
  const pcm = new Int16Array(bytes.length / BYTES_PER_SAMPLE);
  bytesOf(pcm).set(bytes);
  return pcm;
}
