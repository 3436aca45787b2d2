import { type AudioFiles, type EpisodeFile } from '../audio-files';
import { type Measurement } from '../sound';

/** The prepared audio of a segment, as far as it can be known without reading it. */
export interface SegmentSound {
  readonly measurement: Measurement;
  /** Key in the audio cache of what it was made of: tells whether it belongs to what the segment says now. */
  readonly key: string;
}

/** What the end of the file says about what stands before it. */
interface Trailer {
  key: string;
  sampleRateHz: number;
  samples: number;
  loudnessLufs: number;
  truePeakDbtp: number;
  /** Number of energies. */
  energies: number;
}

const LENGTH_BYTES = 4;
const BYTES_PER_SAMPLE = 2;
const BYTES_PER_ENERGY = 4;
const BLOCK_BYTES = 24_000;

const fileOf = (segmentId: string): EpisodeFile => ({ type: 'segment', segmentId });

/**
 * Writes a segment: its PCM, and behind it what was measured, in one file, so that the two always belong together. An earlier file is replaced
 * only when the new one is complete.
 */
export async function writeSegmentSound(
  files: AudioFiles,
  episodeId: string,
  segmentId: string,
  pcm: Int16Array,
  { measurement, key }: SegmentSound,
): Promise<void> {
  const { energies, sampleRateHz, samples, loudnessLufs, truePeakDbtp } = measurement;
  const trailer: Trailer = { key, sampleRateHz, samples, loudnessLufs, truePeakDbtp, energies: energies.length };
  const json = Buffer.from(JSON.stringify(trailer));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  await files.write(episodeId, fileOf(segmentId), [bytesOf(pcm), bytesOf(energies), json, length]);
}

/** `undefined` if there is no such file, or it is not one that was written by `writeSegmentSound`. */
export async function readSegmentSound(files: AudioFiles, episodeId: string, segmentId: string): Promise<SegmentSound | undefined> {
  const file = fileOf(segmentId);
  const found = await files.find(episodeId, file);
  if (!found) return undefined;
  const read = (start: number, end: number): Promise<Buffer> => wholeOf(files.read(episodeId, file, { start: Math.max(0, start), end }));
  const lengthAt = found.bytes - LENGTH_BYTES;
  const length = await read(lengthAt, found.bytes);
  if (length.length < LENGTH_BYTES) return undefined;
  const jsonAt = lengthAt - length.readUInt32LE();
  const trailer = jsonAt < 0 ? undefined : parse((await read(jsonAt, lengthAt)).toString());
  if (!trailer) return undefined;
  const { key, energies: count, ...measured } = trailer;
  const bytes = await read(jsonAt - count * BYTES_PER_ENERGY, jsonAt);
  if (measured.samples * BYTES_PER_SAMPLE + bytes.length !== jsonAt) return undefined;
  const energies = new Float32Array(count);
  for (let i = 0; i < count; i++) energies[i] = bytes.readFloatLE(i * BYTES_PER_ENERGY);
  return { key, measurement: { ...measured, energies } };
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

function samplesOf(bytes: Buffer): Int16Array {
  const pcm = new Int16Array(bytes.length / BYTES_PER_SAMPLE);
  for (let i = 0; i < pcm.length; i++) pcm[i] = bytes.readInt16LE(i * BYTES_PER_SAMPLE);
  return pcm;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

function parse(json: string): Trailer | undefined {
  try {
    return JSON.parse(json) as Trailer;
  } catch {
    return undefined;
  }
}

async function wholeOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
