import { randomUUID } from 'node:crypto';
import { chmod, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How names end of files that are being written. */
const UNFINISHED = '.part';
/** An episode comes in thousands of pieces; each write costs as much as a hundred kilobytes. */
const GATHERED_BYTES = 256 * 1024;
/** For its owner only. */
const PRIVATE = 0o600;

/**
 * A file that is under its name only when it is whole: it is written under another name in the same folder, and renamed when it is on disk. A
 * process that is killed leaves what was there before.
 */
export class AtomicFile {
  readonly #path: string;
  readonly #unfinishedPath: string;
  readonly #handle: FileHandle;
  /** What was appended and is not written yet. */
  readonly #gathered = new Uint8Array(GATHERED_BYTES);
  #gatheredBytes = 0;
  #written = 0;

  private constructor(path: string, unfinishedPath: string, handle: FileHandle) {
    this.#path = path;
    this.#unfinishedPath = unfinishedPath;
    this.#handle = handle;
  }

  /** The folder must exist. Only the user that runs the process can read the file. `head` is written at once. */
  static async create(path: string, head: Uint8Array = new Uint8Array(0)): Promise<AtomicFile> {
    const unfinishedPath = unfinishedPathOf(path);
    const file = new AtomicFile(path, unfinishedPath, await open(unfinishedPath, 'wx', PRIVATE));
    try {
      await file.append(head);
      await file.#flush();
    } catch (error) {
      await file.discard();
      throw error;
    }
    return file;
  }

  /** Bytes appended so far. */
  get length(): number {
    return this.#written + this.#gatheredBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (this.#gatheredBytes + bytes.length > GATHERED_BYTES) await this.#flush();
    if (bytes.length > GATHERED_BYTES) {
      await this.#write(bytes, this.#written);
      this.#written += bytes.length;
      return;
    }
    this.#gathered.set(bytes, this.#gatheredBytes);
    this.#gatheredBytes += bytes.length;
  }

  /** Writes over bytes that were appended before. */
  async overwrite(bytes: Uint8Array, position: number): Promise<void> {
    if (position + bytes.length > this.length) throw new RangeError('only what was written can be written over');
    await this.#flush();
    await this.#write(bytes, position);
  }

  /** Gives the file its name; what had that name is replaced. Nothing can be written after it. */
  async commit(): Promise<void> {
    try {
      await this.#flush();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    await giveName(this.#unfinishedPath, this.#path);
  }

  /** Deletes what was written, unless it was committed. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#unfinishedPath, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = this.#gathered.subarray(0, this.#gatheredBytes);
    await this.#write(bytes, this.#written);
    this.#written += bytes.length;
    this.#gatheredBytes = 0;
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

/** A file in the same folder, for what is to become this file. */
export function unfinishedPathOf(path: string): string {
  return `${path}.${randomUUID()}${UNFINISHED}`;
}

/** The same for a file that another program has written. */
export async function commitFile(unfinishedPath: string, path: string): Promise<void> {
  await chmod(unfinishedPath, PRIVATE);
  await sync(unfinishedPath);
  await giveName(unfinishedPath, path);
}

/** A new name is on disk when its folder is. */
async function giveName(unfinishedPath: string, path: string): Promise<void> {
  await rename(unfinishedPath, path);
  // Windows cannot open folders, and needs no such thing.
  if (process.platform !== 'win32') await sync(dirname(path));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
