import { type AudioFiles, type EpisodeFile } from '../audio-files';
import { type Measurement } from '../sound';

/** What stands behind the audio in a file, so that the two always belong together. */
export interface MeasuredSound {
  readonly measurement: Measurement;
  /** Tells what the audio was made of. */
  readonly key: string;
  /** The gain that it was given; absent for segments, which are as they were prepared. */
  readonly gainDb?: number;
}

export interface MeasuredFile extends MeasuredSound {
  /** Of the audio, with which the file begins. */
  readonly audioBytes: number;
}

/** The sound without its energies, of which it has the number. */
interface Trailer {
  key: string;
  gainDb?: number;
  sampleRateHz: number;
  samples: number;
  loudnessLufs: number;
  truePeakDbtp: number;
  energies: number;
}

const LENGTH_BYTES = 4;
const BYTES_PER_ENERGY = 4;

/** Writes audio, and behind it what was measured of it when it has ended. An earlier file is replaced only when the new one is complete. */
export async function writeMeasuredFile(
  files: AudioFiles,
  episodeId: string,
  file: EpisodeFile,
  audio: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  soundOf: () => MeasuredSound,
): Promise<void> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* audio;
    const { measurement, ...facts } = soundOf();
    const { energies, ...measured } = measurement;
    const trailer: Trailer = { ...facts, ...measured, energies: energies.length };
    const json = Buffer.from(JSON.stringify(trailer));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(json.length);
    yield* [bytesOf(energies), json, length];
  }
  await files.write(episodeId, file, content());
}

/** `undefined` if there is no such file, or it is not one that was written by `writeMeasuredFile`. */
export async function readMeasuredFile(files: AudioFiles, episodeId: string, file: EpisodeFile): Promise<MeasuredFile | undefined> {
  const found = await files.find(episodeId, file);
  if (!found) return undefined;
  const read = (start: number, end: number): Promise<Buffer> => wholeOf(files.read(episodeId, file, { start: Math.max(0, start), end }));
  const lengthAt = found.bytes - LENGTH_BYTES;
  const length = await read(lengthAt, found.bytes);
  if (length.length < LENGTH_BYTES) return undefined;
  const jsonAt = lengthAt - length.readUInt32LE();
  const trailer = jsonAt < 0 ? undefined : parse((await read(jsonAt, lengthAt)).toString());
  if (!trailer) return undefined;
  const { key, gainDb, energies: count, ...measured } = trailer;
  const audioBytes = jsonAt - count * BYTES_PER_ENERGY;
  if (!(audioBytes >= 0)) return undefined;
  const bytes = await read(audioBytes, jsonAt);
  const energies = new Float32Array(count);
  for (let i = 0; i < count; i++) energies[i] = bytes.readFloatLE(i * BYTES_PER_ENERGY);
  return { key, audioBytes, measurement: { ...measured, energies }, ...(gainDb !== undefined && { gainDb }) };
}

/** The bytes of the array: a view of the same memory. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

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
