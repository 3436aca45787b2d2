import type { FileHandle } from 'node:fs/promises';
import type { AudioAlignment, AudioChunk, AudioDetails } from './audio-chunk';
import { type EntryIndex, readChunk } from './entry-format';

/** A whole entry that was found and checked. It can be read until `close`, even if it is evicted meanwhile. */
export class CachedAudio {
  readonly #file: FileHandle;
  readonly #index: EntryIndex;

  constructor(file: FileHandle, index: EntryIndex) {
    this.#file = file;
    this.#index = index;
  }

  get sampleRateHz(): number {
    return this.#index.sampleRateHz;
  }

  get samples(): number {
    return this.#index.chunks.reduce((sum, chunk) => sum + chunk.samples, 0);
  }

  get details(): AudioDetails {
    return this.#index.details;
  }

  /** The alignment of the whole audio, or `undefined` if the provider gave none. */
  get alignment(): AudioAlignment | undefined {
    const parts = this.#index.chunks.flatMap(({ alignment }) => alignment ?? []);
    if (parts.length === 0) return undefined;
    return {
      chars: parts.flatMap(({ chars }) => chars),
      startMs: parts.flatMap(({ startMs }) => startMs),
      durationMs: parts.flatMap(({ durationMs }) => durationMs),
    };
  }

  /** The audio in the chunks in which it was made, one in memory at a time. Ends early, without an error, when `signal` aborts. */
  async *chunks(signal?: AbortSignal): AsyncGenerator<AudioChunk, void, undefined> {
    let firstSample = 0;
    for (const indexed of this.#index.chunks) {
      if (signal?.aborted) return;
      const chunk = await readChunk(this.#file, firstSample, indexed);
      if (!chunk) throw new Error('the file of cached audio was shortened while it was read');
      if (signal?.aborted) return;
      yield chunk;
      firstSample += indexed.samples;
    }
  }

  /** Releases the file. Idempotent. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}
