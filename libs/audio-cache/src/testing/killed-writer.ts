/** Program of the spec about killed processes: stores one entry, and then another one without end. Says on stdout where it is. */
import { AudioCache } from '../audio-cache';
import type { AudioChunk } from '../audio-chunk';
import { chunkOf, collect, identityOf, readyRequest } from './fake-voice';

async function* endless(): AsyncGenerator<AudioChunk> {
  for (let i = 0; ; i++) {
    yield chunkOf(i);
    if (i === 50) process.stdout.write('writing\n');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function main(directory: string): Promise<void> {
  const cache = await AudioCache.open({ directory, maxBytes: 2 ** 30 });
  const { signal } = new AbortController();
  await collect(cache.speak(readyRequest('complete', [chunkOf(1)]), signal));
  await collect(cache.speak({ identity: identityOf('half'), make: endless }, signal));
}

void main(process.argv[2]);
