import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { orUndefinedIfAbsent } from './absent';
import { type Entry, EntryList } from './entry-list';
import { isAudioKey } from './identity';
import { Serial } from './serial';

export interface EntryDirectoryOptions {
  directory: string;
  maxBytes: number;
  onEvicted: (bytes: number) => void;
}

interface Shard {
  /** The folder's time of change when it was listed; `undefined` if it must be listed again. */
  listedMs: number | undefined;
  keys: Set<string>;
}

/** A file that has not been written to for so long is left over from a process that was killed. */
const ABANDONED_AFTER_MS = 10 * 60_000;
/** File systems may give two changes that follow each other this closely the same time. */
const TIME_RESOLUTION_MS = 2_000;
const SHARD = /^[0-9a-f]{2}$/;

/**
 * The files of the cache, in folders named after the first two digits of their keys, and which of them to evict. The time of change of a file
 * is the time of its last use, so the order of use survives restarts and is shared by all processes that use the folder. There is no other
 * record that could be damaged: what is known of the folder is read from it, and read again where another process has changed it.
 */
export class EntryDirectory {
  readonly #options: EntryDirectoryOptions;
  readonly #entries = new EntryList();
  readonly #shards = new Map<string, Shard>();
  readonly #serial = new Serial();

  constructor(options: EntryDirectoryOptions) {
    this.#options = options;
  }

  /** Makes the folder, removes what killed processes left in it, and evicts what is beyond the bound. */
  async prepare(): Promise<void> {
    await mkdir(this.#temporaryFolder, { recursive: true });
    await this.#sweep();
    await this.settle();
  }

  get bytes(): number {
    return this.#entries.bytes;
  }

  get count(): number {
    return this.#entries.count;
  }

  /** Whether the entry was there when this process looked last. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Opens an entry's file and notes the use; `undefined` if there is none. */
  async open(key: string): Promise<FileHandle | undefined> {
    const file = await orUndefinedIfAbsent(open(this.#path(key), 'r'));
    if (!file) {
      this.#forget(key);
      return undefined;
    }
    try {
      this.#entries.used(key, await this.markUsed(file));
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }

  /** A path for a file that is being written. */
  newTemporaryPath(): string {
    return join(this.#temporaryFolder, `${randomUUID()}.part`);
  }

  /** Gives a complete, synchronised file its final name, and evicts what is beyond the bound then. */
  add(key: string, temporaryPath: string): Promise<void> {
    return this.#serial.run(async () => {
      await mkdir(join(this.#options.directory, shardOf(key)), { recursive: true });
      await rename(temporaryPath, this.#path(key));
      const { size, mtimeMs } = await stat(this.#path(key));
      this.#remember(key, { bytes: size, usedAtMs: mtimeMs });
      await this.#refresh();
      await this.#evict();
    });
  }

  remove(key: string): Promise<void> {
    return this.#serial.run(async () => {
      await orUndefinedIfAbsent(unlink(this.#path(key)));
      this.#forget(key);
    });
  }

  /** Looks at what other processes have changed, and evicts what is beyond the bound. */
  settle(): Promise<void> {
    return this.#serial.run(async () => {
      await this.#refresh();
      await this.#evict();
    });
  }

  /** Notes the use in the file itself, and returns its time. A new file is marked before it gets its final name. */
  async markUsed(file: FileHandle): Promise<number> {
    const usedAtMs = this.#entries.nextUseMs();
    await file.utimes(new Date(usedAtMs), new Date(usedAtMs));
    return usedAtMs;
  }

  async #refresh(): Promise<void> {
    const names = (await readdir(this.#options.directory)).filter((name) => SHARD.test(name));
    for (const gone of [...this.#shards.keys()].filter((name) => !names.includes(name))) this.#forgetShard(gone);
    await Promise.all(names.map((name) => this.#refreshShard(name)));
  }

  async #refreshShard(name: string): Promise<void> {
    const path = join(this.#options.directory, name);
    const folder = await orUndefinedIfAbsent(stat(path));
    if (!folder) return;
    const known = this.#shards.get(name);
    if (known && known.listedMs === folder.mtimeMs) return;
    // Taken from the same clock as the folder's own time; a later change may get the same time if it comes too soon.
    const isSettled = Date.now() - folder.mtimeMs > TIME_RESOLUTION_MS;
    const keys = new Set<string>();
    for (const file of await readdir(path)) {
      const key = file.replace(/\.audio$/, '');
      const found = isAudioKey(key) && file !== key ? await orUndefinedIfAbsent(stat(join(path, file))) : undefined;
      if (!found) continue;
      keys.add(key);
      this.#remember(key, { bytes: found.size, usedAtMs: found.mtimeMs });
    }
    for (const key of known?.keys ?? []) if (!keys.has(key)) this.#forget(key);
    this.#shards.set(name, { listedMs: isSettled ? folder.mtimeMs : undefined, keys });
  }

  #forgetShard(name: string): void {
    for (const key of this.#shards.get(name)?.keys ?? []) this.#forget(key);
    this.#shards.delete(name);
  }

  async #evict(): Promise<void> {
    const { maxBytes } = this.#options;
    while (this.bytes > maxBytes) {
      for (const [key, entry] of this.#entries.byUse()) {
        if (this.bytes <= maxBytes) return;
        await this.#evictUnlessUsed(key, entry);
      }
    }
  }

  async #evictUnlessUsed(key: string, entry: Entry): Promise<void> {
    const path = this.#path(key);
    const found = await orUndefinedIfAbsent(stat(path));
    if (found && found.mtimeMs > entry.usedAtMs + 1) {
      // Another process has used it since: its turn comes later.
      this.#entries.used(key, found.mtimeMs);
      return;
    }
    await orUndefinedIfAbsent(unlink(path));
    this.#forget(key);
    if (found) this.#options.onEvicted(found.size);
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#temporaryFolder)) {
      const path = join(this.#temporaryFolder, name);
      const found = await orUndefinedIfAbsent(stat(path));
      if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
    }
  }

  #remember(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#shard(shardOf(key)).keys.add(key);
  }

  #forget(key: string): void {
    this.#entries.delete(key);
    this.#shards.get(shardOf(key))?.keys.delete(key);
  }

  #shard(name: string): Shard {
    const shard = this.#shards.get(name) ?? { listedMs: undefined, keys: new Set<string>() };
    this.#shards.set(name, shard);
    return shard;
  }

  get #temporaryFolder(): string {
    return join(this.#options.directory, 'temporary');
  }

  #path(key: string): string {
    return join(this.#options.directory, shardOf(key), `${key}.audio`);
  }
}

const shardOf = (key: string): string => key.slice(0, 2);
