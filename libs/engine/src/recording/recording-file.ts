import { open } from 'node:fs/promises';

/** What a recording file needs of an open file. `appendFile` writes all of the bytes behind what was written before. */
export interface OpenFile {
  appendFile(bytes: Uint8Array): Promise<void>;
  /** At `position`, whatever was written before. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<unknown>;
  close(): Promise<void>;
}

/** Rejects when the file is there already, or cannot be made. */
export type NewFile = (path: string) => Promise<OpenFile>;

/** For its owner only: what people said is nobody else's business. */
const PRIVATE = 0o600;
export const newPrivateFile: NewFile = (path) => open(path, 'wx', PRIVATE);

export interface RecordingFileOptions {
  path: string;
  newFile: NewFile;
  /** Bytes that are collected before they are written. */
  batchBytes: number;
  /** Bytes that may wait for the disk; with more of them the file is given up. */
  maxWaitingBytes: number;
  /** Called once, when the file has been given up. */
  onFailed: (error: unknown) => void;
}

/** A file that is written behind its caller's back: `append` neither waits nor fails. Whoever makes it closes it or gives it up. */
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

  /** Takes the bytes over: they must not change any more. */
  append(bytes: Uint8Array): void {
    if (this.state !== 'open') return;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.byteLength;
    if (this.waitingBytes > this.options.maxWaitingBytes) this.fail(new Error('the disk is too slow'));
    else if (this.waitingBytes >= this.options.batchBytes) this.wake();
  }

  /** Writes what is left, and `head` over the file's beginning. Resolves when the file is closed; never rejects. Idempotent. */
  close(head?: Uint8Array): Promise<void> {
    if (this.state === 'open') {
      this.state = 'closing';
      this.head = head;
      this.wake();
    }
    return this.closed;
  }

  /** Writes nothing more: what is in the file stays. */
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
