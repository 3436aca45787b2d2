import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingBounds } from '../../config/lifecycle-settings';

export interface RecordingKeeperOptions {
  /** The folder of the recordings. */
  folder: string;
  bounds: RecordingBounds;
  /** Whether the recording with this name is being written by this process. */
  isOpen: (name: string) => boolean;
  /** Whether other processes record into the same folder. */
  isShared: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The files of one conversation. */
interface KeptRecording {
  name: string;
  files: string[];
  bytes: number;
  /** When it was last written to, in ms since the epoch. */
  changedAtMs: number;
}

/** A recording has sound files; a journal alone may be another program's. */
const SOUND = /^(?<name>.+)\.(?:microphone|speech)\.wav$/u;
const JOURNAL = '.jsonl';
/** What another process has not written to for this long is no longer being written. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** Deletes recordings that are too old, and the oldest ones while all of them take too many bytes. Other files are not touched. */
export class RecordingKeeper {
  private running: Promise<number> | undefined;
  private isAskedAgain = false;

  constructor(private readonly options: RecordingKeeperOptions) {}

  /**
   * Looks through the folder; while that goes on, further calls cause one more look. Resolves with the number of recordings that were deleted.
   * Rejects if the folder cannot be read or a file cannot be deleted.
   */
  tidy(): Promise<number> {
    if (this.running) {
      this.isAskedAgain = true;
      return this.running;
    }
    this.running = this.tidyAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async tidyAll(): Promise<number> {
    let deleted = 0;
    do {
      this.isAskedAgain = false;
      for (const recording of this.excess(await this.list())) {
        await remove(this.options.folder, recording.files);
        deleted += 1;
      }
    } while (this.isAskedAgain);
    return deleted;
  }

  private excess(recordings: readonly KeptRecording[]): KeptRecording[] {
    const { bounds, now } = this.options;
    const oldestAllowedMs = now() - (bounds.keepMs ?? Infinity);
    let bytes = recordings.reduce((sum, recording) => sum + recording.bytes, 0);
    return [...recordings]
      .sort((one, other) => one.changedAtMs - other.changedAtMs)
      .filter((recording) => {
        if (this.isBeingWritten(recording)) return false;
        const isExcess = recording.changedAtMs < oldestAllowedMs || bytes > (bounds.maxBytes ?? Infinity);
        if (isExcess) bytes -= recording.bytes;
        return isExcess;
      });
  }

  private isBeingWritten({ name, changedAtMs }: KeptRecording): boolean {
    const { isOpen, isShared, now } = this.options;
    return isOpen(name) || (isShared && now() - changedAtMs < ABANDONED_AFTER_MS);
  }

  private async list(): Promise<KeptRecording[]> {
    const { folder } = this.options;
    const files = new Set(await readdir(folder));
    const names = new Set([...files].flatMap((file) => SOUND.exec(file)?.groups?.['name'] ?? []));
    const recordings = await Promise.all([...names].map((name) => recordingOf(folder, name, files)));
    return recordings.filter((recording) => recording !== undefined);
  }
}

async function recordingOf(folder: string, name: string, files: ReadonlySet<string>): Promise<KeptRecording | undefined> {
  // The journal is deleted first: what is left of an interrupted deletion is still known as a recording.
  const own = [JOURNAL, '.microphone.wav', '.speech.wav'].map((ending) => `${name}${ending}`).filter((file) => files.has(file));
  const stats = await Promise.all(own.map((file) => stat(join(folder, file)).catch(() => undefined)));
  const found = stats.filter((each) => each !== undefined);
  if (found.length === 0) return undefined;
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  return { name, files: own, bytes, changedAtMs: Math.max(...found.map(({ mtimeMs }) => mtimeMs)) };
}

/** A file that somebody else has deleted meanwhile is no failure. */
async function remove(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await unlink(join(folder, file)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }
}
