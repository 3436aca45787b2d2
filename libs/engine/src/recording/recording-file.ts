import { open } from 'node:fs/promises';

/** The part of an open file that a recording uses. `appendFile` writes all of the bytes after those that were written before. */
export interface OpenFile {
  appendFile(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes at `position`. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<unknown>;
  close(): Promise<void>;
}

/** Rejects if the file exists already or cannot be created. */
export type NewFile = (path: string) => Promise<OpenFile>;

/** Readable by the server's user only, because it contains what people said. */
const PRIVATE = 0o600;
export const newPrivateFile: NewFile = (path) => open(path, 'wx', PRIVATE);

export interface RecordingFileOptions {
  path: string;
  newFile: NewFile;
  /** How many bytes are collected before they are written. */
  batchBytes: number;
  /** How many bytes may wait for the disk. With more, the file is given up. */
  maxWaitingBytes: number;
  /** Called once if the file was given up. */
  onFailed: (error: unknown) => void;
}

/** A file that is written in the background, so that `append` neither waits nor fails. Its owner closes it or gives it up. */
export class RecordingFile {
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private state: 'open' | 'closing' | 'given_up' = 'open';
  private head: Uint8Array | undefined;
  private wake: () => void = () => undefined;
  private readonly closed: Promise<void>;

  constructor(private readonly options: RecordingFileOptions) {
    this.closed = this.run();
  }

  /** Takes over the bytes, which must not change any more. */
  append(bytes: Uint8Array): void {
    if (this.state !== 'open') return;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.byteLength;
    if (this.waitingBytes > this.options.maxWaitingBytes) this.fail(new Error('the disk is too slow'));
    else if (this.waitingBytes >= this.options.batchBytes) this.wake();
  }

  /** Writes the rest, and `head` over the beginning of the file. Resolves when the file is closed. Never rejects. Idempotent. */
  close(head?: Uint8Array): Promise<void> {
    if (this.state === 'open') {
      this.state = 'closing';
      this.head = head;
      this.wake();
    }
    return this.closed;
  }

  /** Writes nothing more. What is in the file stays there. */
  giveUp(): void {
    this.state = 'given_up';
    this.take();
    this.wake();
  }

  private async run(): Promise<void> {
    let file: OpenFile | undefined;
    try {
      file = await this.options.newFile(this.options.path);
      await this.writeTo(file);
    } catch (error) {
      this.fail(error);
    } finally {
      await file?.close().catch(() => undefined);
    }
  }

  private async writeTo(file: OpenFile): Promise<void> {
    for (;;) {
      while (this.state === 'open' && this.waitingBytes < this.options.batchBytes) await this.woken();
      const batch = this.take();
      if (batch.length === 0) break;
      await file.appendFile(Buffer.concat(batch));
    }
    if (this.state === 'closing' && this.head) await file.write(this.head, 0, this.head.byteLength, 0);
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private take(): Uint8Array[] {
    const { waiting } = this;
    this.waiting = [];
    this.waitingBytes = 0;
    return waiting;
  }

  private fail(error: unknown): void {
    if (this.state === 'given_up') return;
    this.giveUp();
    this.options.onFailed(error);
  }
}
