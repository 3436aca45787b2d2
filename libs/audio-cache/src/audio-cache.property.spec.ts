import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioCache } from './audio-cache';
import { chunkOf, collect, readyRequest } from './testing/fake-voice';

const MAX_BYTES = 12_000;
const TEXTS = 8;

/** Which texts a cache must hold, in the order of their use; sizes are measured when they are stored. */
class Model {
  readonly #sizes = new Map<number, number>();

  has(text: number): boolean {
    return this.#sizes.has(text);
  }

  use(text: number, bytes: number): void {
    this.#sizes.delete(text);
    if (bytes <= MAX_BYTES) this.#sizes.set(text, bytes);
    while (this.bytes > MAX_BYTES) this.#sizes.delete([...this.#sizes.keys()][0]);
  }

  sizeOf(text: number): number {
    return this.#sizes.get(text) ?? 0;
  }

  get bytes(): number {
    return [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}

function storedBytes(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.audio'))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

async function sizeOfEntry(samples: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-'));
  const cache = await AudioCache.open({ directory, maxBytes: 2 ** 30 });
  await collect(cache.speak(readyRequest('0', [chunkOf(0, samples)]), new AbortController().signal));
  rmSync(directory, { recursive: true });
  return cache.counts.bytes;
}

describe('the bound of the audio cache', () => {
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.record({ type: fc.constant('speak' as const), text: fc.nat(TEXTS - 1) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  );

  it('is kept after every request, by evicting in the order of use, over any requests and restarts', async () => {
    const samplesOf = (text: number) => 500 + text * 800;
    const sizes = await Promise.all(Array.from({ length: TEXTS }, (_, text) => sizeOfEntry(samplesOf(text))));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const directory = mkdtempSync(join(tmpdir(), 'parley-'));
        let cache = await AudioCache.open({ directory, maxBytes: MAX_BYTES });
        const model = new Model();
        try {
          for (const one of steps) {
            if (one.type === 'restart') {
              cache = await AudioCache.open({ directory, maxBytes: MAX_BYTES });
              continue;
            }
            const { text } = one;
            let source = '';
            const onSource = (from: string) => (source = from);
            const request = readyRequest(String(text), [chunkOf(0, samplesOf(text))], { onSource });
            expect(await collect(cache.speak(request, new AbortController().signal))).toEqual([chunkOf(0, samplesOf(text))]);
            expect(source).toBe(model.has(text) ? 'hit' : 'made');
            model.use(text, sizes[text]);
            expect(storedBytes(directory)).toBe(model.bytes);
            expect(cache.counts.bytes).toBe(model.bytes);
          }
        } finally {
          rmSync(directory, { recursive: true });
        }
      }),
      { seed: 20_261_130, numRuns: 30 },
    );
  });

  it('is kept when many requests run at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(TEXTS - 1), { minLength: 1, maxLength: 30 }), async (texts) => {
        const directory = mkdtempSync(join(tmpdir(), 'parley-'));
        const caches = [
          await AudioCache.open({ directory, maxBytes: MAX_BYTES }),
          await AudioCache.open({ directory, maxBytes: MAX_BYTES }),
        ];
        try {
          await Promise.all(
            texts.map(async (text, i) => {
              const request = readyRequest(String(text), [chunkOf(text, 500 + text * 800)]);
              expect(await collect(caches[i % 2].speak(request, new AbortController().signal))).toEqual([chunkOf(text, 500 + text * 800)]);
            }),
          );
          expect(storedBytes(directory)).toBeLessThanOrEqual(MAX_BYTES);
        } finally {
          rmSync(directory, { recursive: true });
        }
      }),
      { seed: 20_261_130, numRuns: 20 },
    );
  });
});
