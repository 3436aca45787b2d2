import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withFolder } from '../testing/temporary-folder';
import { AtomicFile, removeUnfinishedFiles, writeFileAtomically } from './atomic-file';

/** Writes half of a file and says so; then waits to be killed. */
const WRITE_HALF = `
  const { AtomicFile } = await import(${JSON.stringify(pathToFileURL(join(__dirname, 'atomic-file.ts')).href)});
  const file = await AtomicFile.create(process.argv[1]);
  await file.append(new TextEncoder().encode('half'));
  console.log('written');
  setInterval(() => undefined, 1000);
`;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('AtomicFile', () => {
  it('is not under its name before it is whole', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.txt');
      const file = await AtomicFile.create(path, bytes('one '));
      await file.append(bytes('two'));
      expect(await readdir(folder)).toEqual([expect.stringMatching(/^a\.txt\..+\.part$/)]);
      await file.overwrite(bytes('ONE'), 0);
      await file.commit();
      expect(await readdir(folder)).toEqual(['a.txt']);
      expect(await readFile(path, 'utf8')).toBe('ONE two');
      expect(file.length).toBe(7);
    }));

  it('holds all pieces in their order, small and large, and takes them as they are at that moment', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.bin');
      const file = await AtomicFile.create(path, bytes('head'));
      const expected = [bytes('head')];
      for (const [i, length] of [1, 100_000, 0, 262_144, 5, 300_000, 162_144, 100_000, 262_139].entries()) {
        const piece = new Uint8Array(length).fill(i + 1);
        expected.push(piece.slice());
        await file.append(piece);
        piece.fill(0);
      }
      expect(file.length).toBe(Buffer.concat(expected).length);
      await file.overwrite(bytes('HEAD'), 0);
      await file.append(bytes('tail'));
      await file.commit();
      const written = await readFile(path);
      expect(written.equals(Buffer.concat([bytes('HEAD'), ...expected.slice(1), bytes('tail')]))).toBe(true);
    }));

  it('leaves what was there before, until it is whole', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.txt');
      await writeFileAtomically(path, 'old');
      const file = await AtomicFile.create(path);
      await file.append(bytes('new'));
      expect(await readFile(path, 'utf8')).toBe('old');
      await file.discard();
      expect(await readdir(folder)).toEqual(['a.txt']);
      await writeFileAtomically(path, 'newer');
      expect(await readFile(path, 'utf8')).toBe('newer');
    }));

  it('leaves what was there before when the process is killed', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.txt');
      await writeFileAtomically(path, 'old');
      const writer = spawn(process.execPath, ['--input-type=module', '-e', WRITE_HALF, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(writer.stdout, 'data');
      const gone = once(writer, 'exit');
      writer.kill('SIGKILL');
      await gone;
      expect(await readFile(path, 'utf8')).toBe('old');
      await removeUnfinishedFiles(folder, new Date(Date.now() + 1000));
      expect(await readdir(folder)).toEqual(['a.txt']);
    }));

  it('can be discarded after it was committed, without harm', () =>
    withFolder(async (folder) => {
      const file = await AtomicFile.create(join(folder, 'a.txt'));
      await file.commit();
      await file.discard();
      expect(await readdir(folder)).toEqual(['a.txt']);
    }));

  it('writes over nothing but what was written', () =>
    withFolder(async (folder) => {
      const file = await AtomicFile.create(join(folder, 'a.txt'), bytes('abc'));
      await expect(file.overwrite(bytes('abcd'), 0)).rejects.toThrow('only what was written can be written over');
      await file.discard();
    }));

  it('leaves nothing behind when a file cannot get its name', () =>
    withFolder(async (folder) => {
      const taken = join(folder, 'taken');
      await writeFileAtomically(taken, 'a file');
      await expect(writeFileAtomically(join(taken, 'below'), 'x')).rejects.toThrow('ENOTDIR');
      expect(await readdir(folder)).toEqual(['taken']);
    }));
});

describe('removeUnfinishedFiles', () => {
  it('deletes what a killed process has left, but not what is being written, nor whole files', () =>
    withFolder(async (folder) => {
      const left = join(folder, 'a.mp3.1.part');
      await writeFile(left, 'half');
      await utimes(left, new Date(1000), new Date(1000));
      await writeFile(join(folder, 'whole.mp3'), 'whole');
      await utimes(join(folder, 'whole.mp3'), new Date(1000), new Date(1000));
      const running = await AtomicFile.create(join(folder, 'b.mp3'));
      await removeUnfinishedFiles(folder, new Date(2000));
      expect((await readdir(folder)).sort()).toEqual([expect.stringMatching(/^b\.mp3\..+\.part$/), 'whole.mp3']);
      await running.discard();
    }));
});
