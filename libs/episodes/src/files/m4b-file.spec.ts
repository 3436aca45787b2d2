import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolder } from '../testing/temporary-folder';
import { ffmpegMetadata } from './ffmpeg-metadata';
import { findM4bEncoder, writeM4bFile } from './m4b-file';

const TAG = { title: 'Über Flüsse', durationMs: 60_000 };

/** A program in the place of ffmpeg. */
async function program(path: string, script: string): Promise<string> {
  await writeFile(path, `#!${process.execPath}\n${script}`);
  await chmod(path, 0o700);
  return path;
}

/** Writes to its output what it was given. */
const ECHO = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const parameters = process.argv.slice(2);
  const given = { parameters, tags: readFileSync(0, 'utf8'), cover: readFileSync(3, 'hex'), environment: process.env };
  writeFileSync(parameters.at(-1).slice('file:'.length), JSON.stringify(given));
`;

describe('writeM4bFile', () => {
  it('gives the encoder the sound, tags and cover, and the file its name when it is whole', () =>
    withFolder(async (folder) => {
      const encoderPath = await program(join(folder, 'ffmpeg'), ECHO);
      const path = join(folder, 'a.m4b');
      const cover = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1);
      const size = await writeM4bFile(path, { encoderPath, inputPath: '/in/a.wav', tag: { ...TAG, cover } });
      expect((await readdir(folder)).sort()).toEqual(['a.m4b', 'ffmpeg']);
      const bytes = await readFile(path);
      expect(size).toBe(bytes.length);
      const given = JSON.parse(bytes.toString()) as { parameters: string[]; tags: string; cover: string; environment: object };
      expect(given.parameters.join(' ')).toContain('-i file:/in/a.wav -f ffmetadata -i pipe:0 -f png_pipe -i pipe:3');
      expect(given.tags).toBe(ffmpegMetadata(TAG));
      expect(given.cover).toBe('89504e4701');
      expect(Object.keys(given.environment)).not.toContain('PATH');
    }));

  it('says what the encoder said when it fails, and leaves nothing', () =>
    withFolder(async (folder) => {
      const encoderPath = await program(join(folder, 'ffmpeg'), `${ECHO}; console.error('Unknown encoder aac'); process.exitCode = 1;`);
      await expect(writeM4bFile(join(folder, 'a.m4b'), { encoderPath, inputPath: 'a.wav', tag: TAG })).rejects.toThrow(
        'the encoder could not make the M4B file: Unknown encoder aac',
      );
      await expect(writeM4bFile(join(folder, 'a.m4b'), { encoderPath: '/none', inputPath: 'a.wav', tag: TAG })).rejects.toThrow('ENOENT');
      expect(await readdir(folder)).toEqual(['ffmpeg']);
    }));

  it('ends the encoder when it is aborted', () =>
    withFolder(async (folder) => {
      const encoderPath = await program(join(folder, 'ffmpeg'), 'setInterval(() => undefined, 1000);');
      const abort = new AbortController();
      const writing = writeM4bFile(join(folder, 'a.m4b'), { encoderPath, inputPath: 'a.wav', tag: TAG }, abort.signal);
      abort.abort(new Error('enough'));
      await expect(writing).rejects.toThrow('enough');
      expect(await readdir(folder)).toEqual(['ffmpeg']);
    }));
});

describe('findM4bEncoder', () => {
  it('takes the one that was set, else the first on the path', () =>
    withFolder(async (folder) => {
      const path = await program(join(folder, 'ffmpeg'), '');
      const set = await program(join(folder, 'another'), '');
      expect(await findM4bEncoder({ PATH: `/none:${folder}` })).toBe(path);
      expect(await findM4bEncoder({ PATH: folder, FFMPEG_PATH: set })).toBe(set);
    }));

  it('finds none where there is none, or none that can be run', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'ffmpeg'), 'a text');
      expect(await findM4bEncoder({ PATH: folder })).toBeUndefined();
      expect(await findM4bEncoder({ PATH: folder, FFMPEG_PATH: folder })).toBeUndefined();
      expect(await findM4bEncoder({})).toBeUndefined();
    }));
});

describe('ffmpegMetadata', () => {
  it('holds tags and chapters, with its own signs escaped', () => {
    const tag = { ...TAG, artist: 'A=B;#\\\n[CHAPTER]', publishedAt: new Date('2026-11-30T00:00:00Z') };
    const chapters = [
      { title: 'Eins', startMs: 0 },
      { title: 'Zwei', startMs: 1234.5 },
    ];
    expect(ffmpegMetadata({ ...tag, chapters }).split('\n')).toEqual([
      ...[';FFMETADATA1', 'title=Über Flüsse', 'artist=A\\=B\\;\\#\\\\ [CHAPTER]', 'date=2026-11-30', 'genre=Podcast'],
      ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=0', 'END=1235', 'title=Eins'],
      ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=1235', 'END=60000', 'title=Zwei', ''],
    ]);
  });
});
