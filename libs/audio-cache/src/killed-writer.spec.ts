import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AudioCache } from './audio-cache';
import { audioKey } from './identity';
import { chunkOf, collect, FakeVoice, identityOf } from './testing/fake-voice';
import { temporaryFolderForEachTest } from './testing/temporary-folder';

describe('a process that is killed while it stores audio', () => {
  const folder = temporaryFolderForEachTest();

  it('leaves no half entry, and what it stored before is complete', async () => {
    const program = join(folder(), 'killed-writer.cjs');
    await build({ entryPoints: [join(__dirname, 'testing/killed-writer.ts')], outfile: program, bundle: true, platform: 'node' });
    const directory = join(folder(), 'cache');
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const cache = await AudioCache.open({ directory, maxBytes: 2 ** 30 });
    const voice = new FakeVoice();
    const { signal } = new AbortController();
    expect(cache.counts.entries).toBe(1);
    expect(await cache.find(audioKey(identityOf('half')))).toBeUndefined();
    expect(await collect(cache.speak(voice.request('complete'), signal))).toEqual([chunkOf(1)]);
    voice.give(chunkOf(2), 'end');
    expect(await collect(cache.speak(voice.request('half'), signal))).toEqual([chunkOf(2)]);
    expect(voice.asked).toBe(1);
  });
});
