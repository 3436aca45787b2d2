import type { FileHandle } from 'node:fs/promises';
import type { AudioChunk, AudioDetails } from './audio-chunk';
import { GrowingEntry } from './growing-entry';

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

/**
 * Audio that is being made, once, for any number of readers. It is written to a temporary file as it comes; readers who are behind read it
 * from there, so memory stays bounded. It is given up when the last reader has left.
 */
export class Making {
  readonly #options: MakingOptions;
  readonly #entry: GrowingEntry;
  readonly #abort = new AbortController();
  readonly #wakes = new Set<() => void>();
  #readers = 0;
  #isRunning = true;
  #state: 'making' | 'storing' | 'complete' | 'failed' | 'given up' = 'making';
  #failure: unknown;

  /** Resolves when the work is over. Never rejects. */
  readonly closed: Promise<void>;
  #resolveClosed: () => void = () => undefined;

  constructor(options: MakingOptions) {
    this.#options = options;
    this.#entry = new GrowingEntry(options.temporaryPath, options.onStoreFailed);
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
        if (next < this.#entry.chunks) {
          const chunk = await this.#entry.read(next);
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
        const written = this.#entry.append(chunk);
        this.#notify();
        await written;
      }
      if (this.#state === 'making') await this.#store();
    } catch (error) {
      this.#failure = error;
      if (this.#state === 'making') this.#end('failed');
    }
    await this.#entry.removeTemporary();
    this.#isRunning = false;
    await this.#closeFileIfUnused();
    this.#resolveClosed();
  }

  async #store(): Promise<void> {
    this.#state = 'storing';
    const { sampleRateHz, details, maxBytes, store } = this.#options;
    await this.#entry.store(sampleRateHz, details, maxBytes, store);
    await this.#entry.removeTemporary();
    this.#end('complete');
  }

  #left(): void {
    this.giveUp();
    void this.#closeFileIfUnused();
  }

  async #closeFileIfUnused(): Promise<void> {
    if (!this.#isRunning && this.#readers === 0) await this.#entry.close();
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
