import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFiles } from './audio-files';
import { type EpisodeFile } from './file-names';

const SOME_ID = 'be4f68e5-99e4-4e93-88fb-0b1f2f02126b';
const WAV = { type: 'wav' } as const;

async function contents(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('the files of episodes', () => {
  const id = randomUUID();
  let root = '';
  let files: AudioFiles;
  beforeEach(async () => {
    root = join(mkdtempSync(join(tmpdir(), 'parley-')), 'episodes');
    files = await AudioFiles.open(root);
  });
  afterEach(() => rmSync(join(root, '..'), { recursive: true }));

  const write = (file: EpisodeFile, ...parts: string[]) =>
    files.write(
      id,
      file,
      parts.map((part) => Buffer.from(part)),
    );
  const names = (): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'));

  it('are written in parts, and read as a whole or in part', async () => {
    expect(await write(WAV, 'abc', '', 'defg')).toBe(7);
    expect(await files.find(id, WAV)).toMatchObject({ bytes: 7 });
    expect(await contents(files.read(id, WAV))).toBe('abcdefg');
    expect(await contents(files.read(id, WAV, { start: 2, end: 5 }))).toBe('cde');
    expect(await contents(files.read(id, WAV, { start: 2, end: 2 }))).toBe('');
  });

  it('have names of their own for each kind and each segment', async () => {
    const kinds = ['wav', 'mp3', 'vtt', 'srt', 'chapters', 'waveform', 'cover'] as const;
    const all: EpisodeFile[] = [
      ...kinds.map((type) => ({ type })),
      ...[randomUUID(), randomUUID()].flatMap((segmentId) => (['segment', 'frames'] as const).map((type) => ({ type, segmentId }))),
    ];
    for (const [i, file] of all.entries()) await write(file, String(i));
    for (const [i, file] of all.entries()) expect(await contents(files.read(id, file))).toBe(String(i));
    expect(new Set(names()).size).toBe(all.length);
  });

  it('are absent until they are complete, and an earlier one stays until then', async () => {
    const first = await files.create(id, WAV);
    await first.append(Buffer.from('first'));
    expect(await files.find(id, WAV)).toBeUndefined();
    await first.commit();
    const second = await files.create(id, WAV);
    await second.append(Buffer.from('____nd'));
    expect(await contents(files.read(id, WAV))).toBe('first');
    await second.overwrite(Buffer.from('seco'), 0);
    expect(second.length).toBe(6);
    await second.commit();
    expect(await contents(files.read(id, WAV))).toBe('second');
    await expect(second.commit()).rejects.toThrow();
    expect(names()).toHaveLength(1);
  });

  it('are left as they were when what was to be written fails', async () => {
    await write(WAV, 'whole');
    const failing = async function* () {
      yield Buffer.from('half');
      throw new Error('the encoder failed');
    };
    await expect(files.write(id, WAV, failing())).rejects.toThrow('the encoder failed');
    const given = await files.create(id, { type: 'mp3' });
    await given.discard();
    await given.discard();
    expect(await contents(files.read(id, WAV))).toBe('whole');
    expect(names()).toHaveLength(1);
  });

  it('can be read to the end while a new one takes their place', async () => {
    const long = 'x'.repeat(500_000);
    await write(WAV, long);
    const reading = files.read(id, WAV)[Symbol.asyncIterator]();
    const first = await reading.next();
    await write(WAV, 'new');
    const rest = await contents({ [Symbol.asyncIterator]: () => reading });
    expect(String(first.value).length + rest.length).toBe(long.length);
  });

  it('are deleted with their episode, and one by one', async () => {
    await write(WAV, 'a');
    await write({ type: 'mp3' }, 'b');
    const pending = await files.create(id, { type: 'vtt' });
    await pending.append(Buffer.from('c'));
    expect(await files.episodes()).toEqual([id]);
    await files.delete(id, WAV);
    await files.delete(id, WAV);
    expect(await files.find(id, WAV)).toBeUndefined();
    await files.deleteEpisode(id);
    await files.deleteEpisode(id);
    expect(readdirSync(root)).toEqual([]);
    await expect(contents(files.read(id, WAV))).rejects.toThrow('ENOENT');
    await pending.discard();
  });

  it.each(['..', '../../etc', '', 'a/b', `${SOME_ID}/..`, `${SOME_ID}\n`, SOME_ID.toUpperCase()])(
    'are never looked for under %j, which is no id',
    async (bad) => {
      const segment = { type: 'segment' as const, segmentId: bad };
      await expect(files.find(bad, WAV)).rejects.toThrow(RangeError);
      await expect(files.find(id, segment)).rejects.toThrow(RangeError);
      await expect(files.write(bad, WAV, [])).rejects.toThrow(RangeError);
      await expect(files.deleteEpisode(bad)).rejects.toThrow(RangeError);
      expect(() => files.read(bad, WAV)).toThrow(RangeError);
    },
  );

  it('of killed processes are removed at the start, but none that may still be written, and nothing else', async () => {
    const folder = join(root, id);
    mkdirSync(folder);
    mkdirSync(join(root, 'something else'));
    for (const name of ['.episode.wav.1.part', '.episode.mp3.2.part', 'episode.wav']) writeFileSync(join(folder, name), 'x');
    writeFileSync(join(root, 'something else', 'old.part'), 'x');
    for (const name of [`${id}/.episode.wav.1.part`, `${id}/episode.wav`, 'something else/old.part']) utimesSync(join(root, name), 0, 0);
    await AudioFiles.open(root);
    expect(names().sort()).toEqual([`${id}/.episode.mp3.2.part`, `${id}/episode.wav`, 'something else/old.part'].sort());
  });

  it('stop being read when the reader aborts', async () => {
    await write(WAV, 'x'.repeat(500_000));
    const abort = new AbortController();
    const reading = files.read(id, WAV, undefined, abort.signal)[Symbol.asyncIterator]();
    await reading.next();
    abort.abort();
    await expect(reading.next()).rejects.toThrow('abort');
  });
});
