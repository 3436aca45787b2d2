import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AudioChunk, AudioDetails } from './audio-chunk';
import { BYTES_PER_SAMPLE, bytesOf, encodeEnd, type IndexedChunk, readChunk } from './entry-format';

interface GrownChunk {
  indexed: IndexedChunk;
  firstSample: number;
  /** The audio, until it can be read from the file. */
  chunk: AudioChunk | undefined;
}

/** So many of the latest chunks stay in memory, so that readers who keep up need not wait for the disk. */
const CHUNKS_IN_MEMORY = 8;

/** The chunks of audio that is being made, in a temporary file. If the disk fails, what comes after that stays in memory. */
export class GrowingEntry {
  readonly #temporaryPath: string;
  readonly #onFailed: (error: unknown) => void;
  readonly #chunks: GrownChunk[] = [];
  #file: FileHandle | undefined;
  #pcmCrc = 0;
  #samples = 0;
  /** How many chunks are in the file. */
  #written = 0;
  #hasFailed = false;

  constructor(temporaryPath: string, onFailed: (error: unknown) => void) {
    this.#temporaryPath = temporaryPath;
    this.#onFailed = onFailed;
  }

  get chunks(): number {
    return this.#chunks.length;
  }

  /** The chunk can be read at once, and is in the file when this resolves. Calls must not overlap. Never rejects. */
  async append(chunk: AudioChunk): Promise<void> {
    const { pcm, ...rest } = chunk;
    const firstSample = this.#samples;
    this.#chunks.push({ indexed: { samples: pcm.length, ...rest }, firstSample, chunk });
    this.#samples += pcm.length;
    if (this.#hasFailed) return;
    try {
      this.#file ??= await open(this.#temporaryPath, 'wx+', 0o600);
      const bytes = bytesOf(pcm);
      await writeAll(this.#file, bytes, firstSample * BYTES_PER_SAMPLE);
      this.#pcmCrc = crc32(bytes, this.#pcmCrc);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#written++;
    const old = this.#chunks[this.#written - 1 - CHUNKS_IN_MEMORY];
    if (old) old.chunk = undefined;
  }

  /** `index` must be below `chunks`. */
  async read(index: number): Promise<AudioChunk> {
    const { chunk, firstSample, indexed } = this.#chunks[index];
    const found = chunk ?? (this.#file && (await readChunk(this.#file, firstSample, indexed)));
    if (!found) throw new Error('the temporary file of audio was shortened while it was read');
    return found;
  }

  /**
   * Completes the file and gives it its place. Stores nothing if there is no audio, if the disk has failed, or if the
   * file would be larger than `maxBytes`. Never rejects.
   */
  async store(
    sampleRateHz: number,
    details: () => AudioDetails,
    maxBytes: number,
    place: (file: FileHandle) => Promise<void>,
  ): Promise<void> {
    const file = this.#file;
    if (this.#hasFailed || !file || this.#samples === 0) return;
    try {
      const end = encodeEnd({ sampleRateHz, chunks: this.#chunks.map(({ indexed }) => indexed), details: details() }, this.#pcmCrc);
      const pcmBytes = this.#samples * BYTES_PER_SAMPLE;
      if (pcmBytes + end.length > maxBytes) return;
      await writeAll(file, end, pcmBytes);
      await file.sync();
      await place(file);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The open file can still be read. Never rejects. */
  async removeTemporary(): Promise<void> {
    await rm(this.#temporaryPath, { force: true }).catch(() => undefined);
  }

  /** Never rejects. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#onFailed(error);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
