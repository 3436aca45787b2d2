import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { newPrivateFile, type OpenFile, RecordingFile, type RecordingFileOptions } from './recording-file';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A disk that a test can fill up or stop. */
class FakeDisk {
  readonly written: string[] = [];
  opened = 0;
  closed = 0;
  failure: Error | undefined;
  private stopped: Promise<void> | undefined;
  private goOn: () => void = () => undefined;

  stop(): void {
    this.stopped = new Promise((resolve) => (this.goOn = resolve));
  }

  start(): void {
    this.stopped = undefined;
    this.goOn();
  }

  readonly newFile = async (): Promise<OpenFile> => {
    this.opened += 1;
    return {
      appendFile: async (batch) => {
        await this.stopped;
        if (this.failure) throw this.failure;
        this.written.push(Buffer.from(batch).toString());
      },
      write: async (head, _offset, _length, position) => {
        this.written.push(`${position}:${Buffer.from(head).toString()}`);
      },
      close: async () => {
        this.closed += 1;
      },
    };
  };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await setImmediate();
};

describe('RecordingFile', () => {
  let disk: FakeDisk;
  let failures: unknown[];
  const fileWith = (options: Partial<RecordingFileOptions> = {}): RecordingFile =>
    new RecordingFile({
      path: 'recording',
      newFile: disk.newFile,
      batchBytes: 1,
      maxWaitingBytes: 100,
      onFailed: (error) => failures.push(error),
      ...options,
    });

  beforeEach(() => {
    disk = new FakeDisk();
    failures = [];
  });
  afterEach(() => expect(disk.closed).toBe(disk.opened));

  it('writes in order, and writes in one go what arrived during a write', async () => {
    const file = fileWith();
    file.append(bytes('a'));
    await settle();
    disk.stop();
    for (const text of ['b', 'c', 'd']) file.append(bytes(text));
    await settle();
    file.append(bytes('e'));
    disk.start();
    await file.close();
    expect(disk.written.join('')).toBe('abcde');
    expect(disk.written.length).toBeLessThan(5);
    expect(failures).toEqual([]);
  });

  it('collects small pieces until it is closed, and writes the header last', async () => {
    const file = fileWith({ batchBytes: 4 });
    file.append(bytes('abc'));
    await settle();
    expect(disk.written).toEqual([]);
    file.append(bytes('d'));
    await settle();
    expect(disk.written).toEqual(['abcd']);
    file.append(bytes('e'));
    await file.close(bytes('HEAD'));
    expect(disk.written).toEqual(['abcd', 'e', '0:HEAD']);
  });

  it('can be closed twice, and accepts nothing afterwards', async () => {
    const file = fileWith();
    await Promise.all([file.close(), file.close()]);
    file.append(bytes('late'));
    await settle();
    expect(disk.written).toEqual([]);
    expect(disk.closed).toBe(1);
  });

  it('is abandoned with one error when the disk is full', async () => {
    disk.failure = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const file = fileWith();
    file.append(bytes('a'));
    await settle();
    disk.failure = undefined;
    file.append(bytes('b'));
    await file.close(bytes('HEAD'));
    expect(failures).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
    expect(disk.written).toEqual([]);
  });

  it('is abandoned when the disk is full at the very end', async () => {
    const file = fileWith({ batchBytes: 10 });
    file.append(bytes('a'));
    disk.failure = new Error('no space left');
    await file.close(bytes('HEAD'));
    expect(failures).toHaveLength(1);
    expect(disk.written).toEqual([]);
  });

  it('buffers only a limited amount for a disk that hangs, and closes when the disk continues', async () => {
    disk.stop();
    const file = fileWith();
    file.append(bytes('a'));
    await settle();
    file.append(bytes('b'.repeat(100)));
    expect(failures).toEqual([]);
    file.append(bytes('c'));
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining('slow') })]);
    disk.start();
    await file.close();
    expect(disk.written).toEqual(['a']);
  });

  it('is abandoned without an error when its owner asks for that', async () => {
    const file = fileWith({ batchBytes: 10 });
    file.append(bytes('a'));
    file.giveUp();
    await file.close();
    expect([disk.written, failures]).toEqual([[], []]);
  });

  describe('on a real disk', () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-recording-'))));
    afterEach(() => rm(folder, { recursive: true }));

    it('is private, and its header is written over its beginning', async () => {
      const path = join(folder, 'file');
      const file = fileWith({ path, newFile: newPrivateFile });
      file.append(bytes('0123'));
      file.append(bytes('456789'));
      await file.close(bytes('AB'));
      expect(await readFile(path, 'utf8')).toBe('AB23456789');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    });

    it.each(['missing/file', 'there'])('fails once when the file cannot be created: %s', async (name) => {
      await writeFile(join(folder, 'there'), 'mine');
      const file = fileWith({ path: join(folder, name), newFile: newPrivateFile });
      file.append(bytes('a'));
      await file.close();
      expect(failures).toHaveLength(1);
      expect(await readFile(join(folder, 'there'), 'utf8')).toBe('mine');
    });
  });
});
