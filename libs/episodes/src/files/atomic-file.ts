import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How names end of files that are being written. */
const UNFINISHED = '.part';

/**
 * A file that is under its name only when it is whole: it is written under another name in the same folder, and renamed when it is on disk. A
 * process that is killed leaves what was there before.
 */
export class AtomicFile {
  readonly #path: string;
  readonly #unfinishedPath: string;
  readonly #handle: FileHandle;
  #length = 0;

  private constructor(path: string, unfinishedPath: string, handle: FileHandle) {
    this.#path = path;
    this.#unfinishedPath = unfinishedPath;
    this.#handle = handle;
  }

  /** The folder must exist. Only the user that runs the process can read the file. `head` is written at once. */
  static async create(path: string, head: Uint8Array = new Uint8Array(0)): Promise<AtomicFile> {
    const unfinishedPath = `${path}.${randomUUID()}${UNFINISHED}`;
    const file = new AtomicFile(path, unfinishedPath, await open(unfinishedPath, 'wx', 0o600));
    try {
      await file.append(head);
    } catch (error) {
      await file.discard();
      throw error;
    }
    return file;
  }

  /** Bytes appended so far. */
  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes over bytes that were appended before. */
  async overwrite(bytes: Uint8Array, position: number): Promise<void> {
    if (position + bytes.length > this.#length) throw new RangeError('only what was written can be written over');
    await this.#write(bytes, position);
  }

  /** Gives the file its name; what had that name is replaced. Nothing can be written after it. */
  async commit(): Promise<void> {
    try {
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    await rename(this.#unfinishedPath, this.#path);
    await syncFolder(dirname(this.#path));
  }

  /** Deletes what was written, unless it was committed. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#unfinishedPath, { force: true });
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }
}

/** Writes a whole file by the same way. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const file = await AtomicFile.create(path);
  try {
    await file.append(typeof content === 'string' ? new TextEncoder().encode(content) : content);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Deletes what killed processes have left in a folder. Another process may be writing there: only what was not touched since `before` goes. */
export async function removeUnfinishedFiles(folder: string, before: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(UNFINISHED)) continue;
    const path = join(folder, name);
    const touched = await stat(path).catch(() => undefined);
    if (touched && touched.mtime < before) await rm(path, { force: true });
  }
}

/** A new name is on disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
