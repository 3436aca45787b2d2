import type { FileHandle } from 'node:fs/promises';
import type { AudioChunk, AudioDetails } from './audio-chunk';
import { CachedAudio } from './cached-audio';
import { checkEntry } from './entry-format';
import { EntryDirectory } from './entry-directory';
import { type AudioIdentity, audioKey, isAudioKey } from './identity';
import { Making } from './making';

/**
 * - `hit`: the audio came from the disk; `made`: the provider was asked; `joined`: another request was having it made
 * - `stored`: audio was made and is on the disk; `evicted`: it had not been used for longest, and the space was needed
 * - `damaged`: an entry did not match its checksum, and was removed
 * - `failed`: the disk failed. The audio is passed on all the same.
 */
export type AudioCacheEvent =
  { type: 'hit' | 'made' | 'joined' | 'stored' | 'damaged' } | { type: 'evicted'; bytes: number } | { type: 'failed'; error: unknown };

export interface AudioCacheOptions {
  /** Made if it does not exist. Several processes may use the same one. */
  directory: string;
  /** Bound of the entries' bytes. 0 turns the cache off: everything is made, and no file is touched. */
  maxBytes: number;
  onEvent?: (event: AudioCacheEvent) => void;
}

export interface SpeakRequest {
  identity: AudioIdentity;
  /** Has the audio made. A stream that `signal` ends early is not stored; neither is one that fails. */
  make: (signal: AbortSignal) => AsyncIterable<AudioChunk>;
  /** What to remember with the audio; asked when it is complete. */
  details?: () => AudioDetails;
  /** Where the audio comes from; called once, before the first chunk. */
  onSource?: (source: 'hit' | 'made' | 'joined') => void;
}

export interface AudioCacheCounts {
  hits: number;
  misses: number;
  joined: number;
  evictions: number;
  damaged: number;
  failures: number;
  entries: number;
  bytes: number;
}

/** Spoken audio on disk under a key of everything that decides how it sounds; what has not been used for longest is evicted. */
export class AudioCache {
  readonly #options: AudioCacheOptions;
  readonly #directory: EntryDirectory | undefined;
  readonly #making = new Map<string, Making>();
  readonly #unclosed = new Set<Making>();
  readonly #counts = { hits: 0, misses: 0, joined: 0, evictions: 0, damaged: 0, failures: 0 };

  private constructor(options: AudioCacheOptions) {
    this.#options = options;
    const { directory, maxBytes } = options;
    if (maxBytes > 0)
      this.#directory = new EntryDirectory({ directory, maxBytes, onEvicted: (bytes) => this.#report({ type: 'evicted', bytes }) });
  }

  /** Throws if the folder cannot be used. */
  static async open(options: AudioCacheOptions): Promise<AudioCache> {
    if (!(options.maxBytes >= 0)) throw new RangeError('the bound of the audio cache must not be negative');
    const cache = new AudioCache(options);
    await cache.#directory?.prepare();
    return cache;
  }

  get counts(): AudioCacheCounts {
    return { ...this.#counts, entries: this.#directory?.count ?? 0, bytes: this.#directory?.bytes ?? 0 };
  }

  /**
   * The audio, from the disk or as it is made. Requests for the same audio at the same time have it made once. An abort ends this stream at
   * once, without an error, and the work only if nobody else wants it; so does leaving the loop. A failure of `make` is thrown after the audio
   * that came before it. When the stream has ended by itself, the entry is stored.
   */
  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<AudioChunk, void, undefined> {
    if (signal.aborted) return;
    const directory = this.#directory;
    if (!directory) {
      this.#report({ type: 'made' }, request);
      yield* request.make(signal);
      return;
    }
    const key = audioKey(request.identity);
    const found = this.#making.has(key) ? undefined : await this.#look(directory, key);
    if (!found) {
      yield* this.#join(directory, key, request, signal);
      return;
    }
    try {
      this.#report({ type: 'hit' }, request);
      yield* found.chunks(signal);
    } finally {
      await found.close();
    }
  }

  /**
   * All chunks of an entry, for audio that is short enough to be held in memory. Counts as a hit, if there is one. `undefined` if there is none,
   * or if it could not be read. Never rejects.
   */
  async take(identity: AudioIdentity): Promise<AudioChunk[] | undefined> {
    const found = this.#directory && (await this.#open(this.#directory, audioKey(identity)));
    if (!found) return undefined;
    try {
      const chunks: AudioChunk[] = [];
      for await (const chunk of found.chunks()) chunks.push(chunk);
      this.#report({ type: 'hit' });
      return chunks;
    } catch (error) {
      this.#report({ type: 'failed', error });
      return undefined;
    } finally {
      await found.close();
    }
  }

  /** Stores audio that was made elsewhere, and counts as a miss. Resolves when it is stored, or could not be. Never rejects. */
  async put(identity: AudioIdentity, chunks: readonly AudioChunk[]): Promise<void> {
    if (!this.#directory) return;
    const make = async function* (): AsyncGenerator<AudioChunk> {
      yield* chunks;
    };
    try {
      const stream = this.speak({ identity, make }, new AbortController().signal);
      for (let next = await stream.next(); !next.done; next = await stream.next());
    } catch (error) {
      this.#report({ type: 'failed', error });
    }
  }

  /** An entry, checked, to be closed by the caller; `undefined` if there is none. Counts as a use, but not as a hit or a miss. */
  async find(key: string): Promise<CachedAudio | undefined> {
    return this.#directory && isAudioKey(key) ? await this.#open(this.#directory, key) : undefined;
  }

  async delete(key: string): Promise<void> {
    if (isAudioKey(key)) await this.#directory?.remove(key);
  }

  /** Looks at what other processes have stored, and evicts what is beyond the bound. */
  async settle(): Promise<void> {
    await this.#directory?.settle();
  }

  /** Gives up what is being made, and ends its streams. Resolves when that work is over. */
  async close(): Promise<void> {
    for (const making of this.#making.values()) making.giveUp();
    await Promise.all([...this.#unclosed].map(({ closed }) => closed));
  }

  async #look(directory: EntryDirectory, key: string): Promise<CachedAudio | undefined> {
    const found = await this.#open(directory, key);
    // If the entry was stored after it was looked for, it must not be made twice.
    return found || this.#making.has(key) || !directory.has(key) ? found : await this.#open(directory, key);
  }

  async #open(directory: EntryDirectory, key: string): Promise<CachedAudio | undefined> {
    let file: FileHandle | undefined;
    try {
      file = await directory.open(key);
      const index = file && (await checkEntry(file));
      if (file && index) return new CachedAudio(file, index);
      if (file) await this.#removeDamaged(directory, key);
    } catch (error) {
      this.#report({ type: 'failed', error });
    }
    await file?.close();
    return undefined;
  }

  async #removeDamaged(directory: EntryDirectory, key: string): Promise<void> {
    this.#report({ type: 'damaged' });
    await directory.remove(key);
  }

  #join(directory: EntryDirectory, key: string, request: SpeakRequest, signal: AbortSignal): AsyncIterable<AudioChunk> {
    const running = this.#making.get(key);
    this.#report({ type: running ? 'joined' : 'made' }, request);
    return (running ?? this.#start(directory, key, request)).read(signal);
  }

  #start(directory: EntryDirectory, key: string, { identity, make, details = () => ({}) }: SpeakRequest): Making {
    const temporaryPath = directory.newTemporaryPath();
    const making = new Making({
      sampleRateHz: identity.sampleRateHz,
      make,
      details,
      temporaryPath,
      maxBytes: this.#options.maxBytes,
      store: async (file) => {
        await directory.markUsed(file);
        await directory.add(key, temporaryPath);
        this.#report({ type: 'stored' });
      },
      onStoreFailed: (error) => this.#report({ type: 'failed', error }),
      onOver: () => {
        if (this.#making.get(key) === making) this.#making.delete(key);
      },
    });
    this.#making.set(key, making);
    this.#unclosed.add(making);
    making.start();
    void making.closed.then(() => this.#unclosed.delete(making));
    return making;
  }

  #report(event: AudioCacheEvent, request?: SpeakRequest): void {
    if (event.type === 'hit') this.#counts.hits++;
    if (event.type === 'made') this.#counts.misses++;
    if (event.type === 'joined') this.#counts.joined++;
    if (event.type === 'evicted') this.#counts.evictions++;
    if (event.type === 'damaged') this.#counts.damaged++;
    if (event.type === 'failed') this.#counts.failures++;
    if (event.type === 'hit' || event.type === 'made' || event.type === 'joined') request?.onSource?.(event.type);
    this.#options.onEvent?.(event);
  }
}
