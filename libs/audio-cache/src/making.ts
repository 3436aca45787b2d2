import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AudioChunk, AudioDetails } from './audio-chunk';
import { BYTES_PER_SAMPLE, bytesOf, encodeEnd, type IndexedChunk, readChunk } from './entry-format';

export interface MakingOptions {
  sampleRateHz: number;
  make: (signal: AbortSignal) => AsyncIterable<AudioChunk>;
  /** Asked when the audio is complete. */
  details: () => AudioDetails;
  temporaryPath: string;
  /** Larger audio is passed on, but not stored. */
  maxBytes: number;
  /** Gives the complete file its place. `file` is synchronised and still open. */
  store: (file: FileHandle) => Promise<void>;
  /** The file could not be written or stored. The readers get the audio all the same. */
  onStoreFailed: (error: unknown) => void;
  /** Called once, as soon as nobody can join any more. */
  onOver: () => void;
}

interface MadeChunk {
  indexed: IndexedChunk;
  firstSample: number;
  /** The audio, until it can be read from the file. */
  chunk: AudioChunk | undefined;
}

/** So many of the latest chunks stay in memory, so that readers who keep up need not wait for the disk. */
const CHUNKS_IN_MEMORY = 8;

/**
 * Audio that is being made, once, for any number of readers. It is written to a temporary file as it comes; readers who are behind read it
 * from there, so memory stays bounded. It is given up when the last reader has left.
 */
export class Making {
  readonly #options: MakingOptions;
  readonly #abort = new AbortController();
  readonly #chunks: MadeChunk[] = [];
  readonly #wakes = new Set<() => void>();
  #file: FileHandle | undefined;
  #pcmCrc = 0;
  #samples = 0;
  /** How many chunks are in the file. */
  #written = 0;
  #canWrite = true;
  #readers = 0;
  #isRunning = true;
  #state: 'making' | 'storing' | 'complete' | 'failed' | 'given up' = 'making';
  #failure: unknown;

  /** Resolves when the work is over. Never rejects. */
  readonly closed: Promise<void>;
  #resolveClosed: () => void = () => undefined;

  constructor(options: MakingOptions) {
    this.#options = options;
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
  }

  /** Starts the work. Once. */
  start(): void {
    void this.#run();
  }

  /** All chunks from the first on. Must be iterated as soon as it is asked for, because it counts as a reader from its first step on. */
  async *read(signal: AbortSignal): AsyncGenerator<AudioChunk, void, undefined> {
    this.#readers++;
    try {
      for (let next = 0; ;) {
        if (signal.aborted || this.#state === 'given up') return;
        const made = this.#chunks[next];
        if (made) {
          const chunk = made.chunk ?? (await this.#readBack(made));
          if (signal.aborted) return;
          yield chunk;
          next++;
        } else if (this.#state === 'complete') return;
        else if (this.#state === 'failed') throw this.#failure;
        else await this.#change(signal);
      }
    } finally {
      this.#readers--;
      if (this.#readers === 0) this.#left();
    }
  }

  /** Ends the work and all readers. What is made completely is stored all the same, because it may have been paid for. */
  giveUp(): void {
    if (this.#state !== 'making') return;
    this.#end('given up');
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    try {
      for await (const chunk of this.#options.make(this.#abort.signal)) {
        if (this.#state !== 'making') break;
        this.#append(chunk);
        await this.#write();
      }
      if (this.#state === 'making') {
        this.#state = 'storing';
        await this.#store();
        await this.#removeTemporary();
        this.#end('complete');
      }
    } catch (error) {
      this.#failure = error;
      if (this.#state === 'making') this.#end('failed');
    }
    await this.#removeTemporary();
    this.#isRunning = false;
    await this.#closeFileIfUnused();
    this.#resolveClosed();
  }

  /** Readers who are behind can go on reading the open file. */
  async #removeTemporary(): Promise<void> {
    await rm(this.#options.temporaryPath, { force: true }).catch(() => undefined);
  }

  #append(chunk: AudioChunk): void {
    const { pcm, ...rest } = chunk;
    this.#chunks.push({ indexed: { samples: pcm.length, ...rest }, firstSample: this.#samples, chunk });
    this.#samples += pcm.length;
    this.#notify();
  }

  async #write(): Promise<void> {
    const made = this.#chunks[this.#written];
    if (!this.#canWrite || !made?.chunk) return;
    try {
      this.#file ??= await open(this.#options.temporaryPath, 'wx+', 0o600);
      const bytes = bytesOf(made.chunk.pcm);
      await writeAll(this.#file, bytes, made.firstSample * BYTES_PER_SAMPLE);
      this.#pcmCrc = crc32(bytes, this.#pcmCrc);
    } catch (error) {
      this.#stopWriting(error);
      return;
    }
    this.#written++;
    const old = this.#chunks[this.#written - 1 - CHUNKS_IN_MEMORY];
    if (old) old.chunk = undefined;
  }

  /** From here on the audio stays in memory for the readers. */
  #stopWriting(error: unknown): void {
    this.#canWrite = false;
    this.#options.onStoreFailed(error);
  }

  async #store(): Promise<void> {
    const file = this.#file;
    if (!this.#canWrite || !file || this.#samples === 0) return;
    try {
      const { sampleRateHz, details, maxBytes } = this.#options;
      const end = encodeEnd({ sampleRateHz, chunks: this.#chunks.map(({ indexed }) => indexed), details: details() }, this.#pcmCrc);
      const pcmBytes = this.#samples * BYTES_PER_SAMPLE;
      if (pcmBytes + end.length > maxBytes) return;
      await writeAll(file, end, pcmBytes);
      await file.sync();
      await this.#options.store(file);
    } catch (error) {
      this.#stopWriting(error);
    }
  }

  async #readBack(made: MadeChunk): Promise<AudioChunk> {
    const chunk = this.#file && (await readChunk(this.#file, made.firstSample, made.indexed));
    if (!chunk) throw new Error('the temporary file of audio was shortened while it was read');
    return chunk;
  }

  #left(): void {
    this.giveUp();
    void this.#closeFileIfUnused();
  }

  async #closeFileIfUnused(): Promise<void> {
    if (this.#isRunning || this.#readers > 0) return;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  #end(state: 'complete' | 'failed' | 'given up'): void {
    this.#state = state;
    this.#options.onOver();
    this.#notify();
  }

  #notify(): void {
    for (const wake of this.#wakes) wake();
  }

  /** Resolves at the next chunk, at the end, or when `signal` aborts. */
  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakes.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakes.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
