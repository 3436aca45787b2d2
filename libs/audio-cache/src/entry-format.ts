/**
 * An entry's file: the PCM (s16le, mono) from byte 0 on, then the index as JSON, then a trailer of 16 bytes with the magic number, the
 * length of the index and the CRC-32 of everything before the trailer, each as 32 bits little-endian, and the version of the format.
 * The index comes last because its contents are known only when the audio is complete.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AudioAlignment, AudioChunk, AudioDetails } from './audio-chunk';

export interface IndexedChunk {
  samples: number;
  alignment?: AudioAlignment;
  line?: number;
}

export interface EntryIndex {
  sampleRateHz: number;
  chunks: readonly IndexedChunk[];
  details: AudioDetails;
}

export const BYTES_PER_SAMPLE = 2;

const MAGIC = 0x41_43_50_31;
const VERSION = 1;
const TRAILER_BYTES = 16;
const BLOCK_BYTES = 256 * 1024;
/** The index of a segment of 1 500 characters takes about 50 KB. */
const MAX_INDEX_BYTES = 64 * 2 ** 20;

/** The samples as bytes, without a copy. */
export function bytesOf(pcm: Int16Array): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** What follows the PCM. `pcmCrc` is the CRC-32 of the PCM. */
export function encodeEnd(index: EntryIndex, pcmCrc: number): Uint8Array {
  const json = Buffer.from(JSON.stringify(index));
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(MAGIC, 0);
  trailer.writeUInt32LE(json.length, 4);
  trailer.writeUInt32LE(crc32(json, pcmCrc), 8);
  trailer.writeUInt32LE(VERSION, 12);
  return Buffer.concat([json, trailer]);
}

/**
 * Reads the index and checks the whole file against its lengths and checksum, in blocks, so that damage is found before the first sample is
 * used. Returns `undefined` if the file is damaged.
 */
export async function checkEntry(file: FileHandle): Promise<EntryIndex | undefined> {
  const { size } = await file.stat();
  if (size < TRAILER_BYTES) return undefined;
  const trailer = await readExactly(file, size - TRAILER_BYTES, TRAILER_BYTES);
  if (trailer?.readUInt32LE(0) !== MAGIC || trailer.readUInt32LE(12) !== VERSION) return undefined;
  const indexBytes = trailer.readUInt32LE(4);
  const pcmBytes = size - TRAILER_BYTES - indexBytes;
  if (pcmBytes < 0 || indexBytes > MAX_INDEX_BYTES) return undefined;
  if ((await checksum(file, size - TRAILER_BYTES)) !== trailer.readUInt32LE(8)) return undefined;
  const json = await readExactly(file, pcmBytes, indexBytes);
  if (!json) return undefined;
  const index = JSON.parse(json.toString()) as EntryIndex;
  const samples = index.chunks.reduce((sum, chunk) => sum + chunk.samples, 0);
  return samples * BYTES_PER_SAMPLE === pcmBytes ? index : undefined;
}

/** Reads one chunk. Returns `undefined` if the file ends before it does. */
export async function readChunk(file: FileHandle, firstSample: number, chunk: IndexedChunk): Promise<AudioChunk | undefined> {
  const { samples, ...rest } = chunk;
  const pcm = new Int16Array(samples);
  const complete = await fillFrom(file, firstSample * BYTES_PER_SAMPLE, bytesOf(pcm));
  return complete ? { pcm, ...rest } : undefined;
}

async function checksum(file: FileHandle, length: number): Promise<number | undefined> {
  const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, length));
  let crc = 0;
  for (let position = 0; position < length; position += block.length) {
    const part = block.subarray(0, Math.min(block.length, length - position));
    if (!(await fillFrom(file, position, part))) return undefined;
    crc = crc32(part, crc);
  }
  return crc;
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  return (await fillFrom(file, position, bytes)) ? bytes : undefined;
}

async function fillFrom(file: FileHandle, position: number, bytes: Uint8Array): Promise<boolean> {
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
    if (bytesRead === 0) return false;
    filled += bytesRead;
  }
  return true;
}
