import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AtomicFile, removeUnfinishedFiles } from '../files/atomic-file';
import { type EpisodeFile, fileName, folderName, isFolderName } from './file-names';

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredFile {
  path: string;
  bytes: number;
  modifiedAtMs: number;
}

/** A file that has not been written to for so long is left over from a process that was killed. */
const ABANDONED_AFTER_MS = 60 * 60_000;

/**
 * The files of episodes, in a folder for each. Several servers may share the root. A file under its own name is always complete: it is written
 * under a temporary one, and reading goes on in the old file while a new one takes its place.
 */
export class AudioFiles {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** Makes the root if it does not exist, and removes what killed processes have left in it. */
  static async open(root: string): Promise<AudioFiles> {
    await mkdir(root, { recursive: true });
    const files = new AudioFiles(root);
    await files.#sweep();
    return files;
  }

  /** Begins a file, which takes the place of an earlier one on `commit`. */
  async create(episodeId: string, file: EpisodeFile): Promise<AtomicFile> {
    return await AtomicFile.create(await this.pathForWriting(episodeId, file));
  }

  /** Writes a whole file, with one part of it in memory at a time. If the parts fail, no file is left and an earlier one stays. */
  async write(episodeId: string, file: EpisodeFile, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
    const pending = await this.create(episodeId, file);
    try {
      for await (const part of parts) await pending.append(part);
      await pending.commit();
    } catch (error) {
      await pending.discard();
      throw error;
    }
    return pending.length;
  }

  /** Where the file belongs, for a writer that gives it its name only when it is complete. Makes the folder if it does not exist. */
  async pathForWriting(episodeId: string, file: EpisodeFile): Promise<string> {
    const path = this.#path(episodeId, file);
    await mkdir(dirname(path), { recursive: true });
    return path;
  }

  /** `undefined` if there is no such file. */
  async find(episodeId: string, file: EpisodeFile): Promise<StoredFile | undefined> {
    const path = this.#path(episodeId, file);
    const found = await stat(path).catch(ifAbsent);
    return found && { path, bytes: found.size, modifiedAtMs: found.mtimeMs };
  }

  /** Streams a file or a part of it. Fails if there is no such file, or when `signal` aborts. */
  read(episodeId: string, file: EpisodeFile, range?: ByteRange, signal?: AbortSignal): AsyncIterable<Buffer> {
    const path = this.#path(episodeId, file);
    if (range && range.end <= range.start) return nothing();
    return createReadStream(path, { signal, ...(range ? { start: range.start, end: range.end - 1 } : {}) });
  }

  /** Idempotent. */
  async delete(episodeId: string, file: EpisodeFile): Promise<void> {
    await rm(this.#path(episodeId, file), { force: true });
  }

  /** All files of the episode, also those that are being written. Idempotent. */
  async deleteEpisode(episodeId: string): Promise<void> {
    await rm(join(this.#root, folderName(episodeId)), { recursive: true, force: true });
  }

  /** The episodes that have files, so that those without a record can be deleted. */
  async episodes(): Promise<readonly string[]> {
    return (await readdir(this.#root)).filter(isFolderName);
  }

  async #sweep(): Promise<void> {
    const before = new Date(Date.now() - ABANDONED_AFTER_MS);
    for (const episodeId of await this.episodes()) await removeUnfinishedFiles(join(this.#root, episodeId), before).catch(ifAbsent);
  }

  #path(episodeId: string, file: EpisodeFile): string {
    return join(this.#root, folderName(episodeId), fileName(file));
  }
}

function ifAbsent(error: unknown): undefined {
  const { code } = error as { code?: unknown };
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}

async function* nothing(): AsyncGenerator<Buffer> {
  // A range without bytes.
}
