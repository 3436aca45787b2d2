import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingBounds } from '../../config/lifecycle-settings';
import { RecordingKeeper } from './recording-keeper';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const DAY_MS = 86_400_000;

describe('The keeper of recordings', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-keeper-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const keeper = (bounds: Partial<RecordingBounds>, open: readonly string[] = [], isShared = false): RecordingKeeper =>
    new RecordingKeeper({
      folder,
      bounds: { maxBytes: undefined, keepMs: undefined, ...bounds },
      isOpen: (name) => open.includes(name),
      isShared,
      now: () => NOW_MS,
    });

  const file = async (name: string, bytes: number, ageMs: number): Promise<void> => {
    const path = join(folder, name);
    await writeFile(path, new Uint8Array(bytes));
    await utimes(path, new Date(NOW_MS - ageMs), new Date(NOW_MS - ageMs));
  };
  /** A recording of 300 bytes. */
  const recording = async (name: string, ageMs: number): Promise<void> => {
    for (const ending of ['.jsonl', '.microphone.wav', '.speech.wav']) await file(`${name}${ending}`, 100, ageMs);
  };
  const left = async (): Promise<string[]> => [...new Set((await readdir(folder)).map((name) => name.split('.')[0]))].sort();

  it('deletes the oldest whole conversations until the rest fits', async () => {
    for (const [index, name] of ['c', 'a', 'd', 'b'].entries()) await recording(name, (4 - index) * 1_000);
    expect(await keeper({ maxBytes: 700 }).tidy()).toBe(2);
    expect(await left()).toEqual(['b', 'd']);
    expect(await readdir(folder)).toHaveLength(6);
    expect(await keeper({ maxBytes: 600 }).tidy()).toBe(0);
  });

  it('deletes what is older than it may be', async () => {
    await recording('old', 3 * DAY_MS);
    await recording('new', 1 * DAY_MS);
    expect(await keeper({ keepMs: 2 * DAY_MS }).tidy()).toBe(1);
    expect(await left()).toEqual(['new']);
  });

  it('never deletes what is being written, but counts it', async () => {
    await recording('open', 3 * DAY_MS);
    await recording('closed', 1_000);
    expect(await keeper({ maxBytes: 300, keepMs: DAY_MS }, ['open']).tidy()).toBe(1);
    expect(await left()).toEqual(['open']);
  });

  it('leaves what was written to lately where other processes record as well', async () => {
    await recording('theirs', 60_000);
    await recording('abandoned', 11 * 60_000);
    expect(await keeper({ maxBytes: 0 }, [], true).tidy()).toBe(1);
    expect(await left()).toEqual(['theirs']);
  });

  it('touches no other file, and finishes a deletion that was interrupted', async () => {
    for (const name of ['notes.jsonl', 'music.wav', 'readme']) await file(name, 1_000, 9 * DAY_MS);
    await file('half.speech.wav', 100, 9 * DAY_MS);
    expect(await keeper({ maxBytes: 1, keepMs: DAY_MS }).tidy()).toBe(1);
    expect(await left()).toEqual(['music', 'notes', 'readme']);
  });

  it('deletes nothing twice when it is asked several times at once', async () => {
    await recording('old', DAY_MS);
    const kept = keeper({ maxBytes: 1 });
    expect(await Promise.all([kept.tidy(), kept.tidy(), kept.tidy()])).toEqual([1, 1, 1]);
    expect(await left()).toEqual([]);
  });

  it('fails when the folder has been removed', async () => {
    await rm(folder, { recursive: true });
    await expect(keeper({ maxBytes: 1 }).tidy()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
