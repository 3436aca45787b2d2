import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TEMPORARY_SUFFIX } from './file-names';

/** A file that is being written under a temporary name. It gets its own only when it is complete and on the disk. */
export class PendingFile {
  readonly #path: string;
  readonly #temporaryPath: string;
  readonly #file: FileHandle;
  #bytes = 0;
  #isOver = false;

  private constructor(path: string, temporaryPath: string, file: FileHandle) {
    this.#path = path;
    this.#temporaryPath = temporaryPath;
    this.#file = file;
  }

  /** Makes the folder if it does not exist. */
  static async create(path: string): Promise<PendingFile> {
    await mkdir(dirname(path), { recursive: true });
    const temporaryPath = join(dirname(path), `.${basename(path)}.${randomUUID()}${TEMPORARY_SUFFIX}`);
    return new PendingFile(path, temporaryPath, await open(temporaryPath, 'wx', 0o600));
  }

  /** Length so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Appends. Calls must not overlap. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.writeAt(bytes, this.#bytes);
  }

  /** Writes over what is there, such as a header whose lengths are known only at the end. */
  async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, position + written);
      written += bytesWritten;
    }
    this.#bytes = Math.max(this.#bytes, position + bytes.length);
  }

  /** Gives the file its name, in place of an earlier one. If this throws, the earlier one is still there. */
  async commit(): Promise<void> {
    if (this.#isOver) throw new Error('the file is complete or was given up');
    try {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#temporaryPath, this.#path);
      this.#isOver = true;
    } catch (error) {
      await this.discard();
      throw error;
    }
    await syncFolder(dirname(this.#path));
  }

  /** Gives it up, unless it has its name. Idempotent. Never rejects. */
  async discard(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#file.close().catch(() => undefined);
    await rm(this.#temporaryPath, { force: true }).catch(() => undefined);
  }
}

/** Without this, the name may be lost when the machine loses power, although the contents are on the disk. */
async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders, and needs no such thing.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
