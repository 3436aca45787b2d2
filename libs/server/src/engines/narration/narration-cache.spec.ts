import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChunkIdentity } from '@parley/engine';
import { FakeNarrator } from '@parley/engine/testing';
import type { NarrationProvider, SpeechChunk } from '@parley/providers';
import { SharedAudioCache } from '../../audio-cache/shared-audio-cache';
import { RecordingLogger } from '../../testing/recording-logger';
import { testSettings } from '../../testing/test-settings';
import { NarrationCache } from './narration-cache';

const CHUNK: ChunkIdentity = { voiceId: 'clara', model: 'model', sampleRateHz: 8_000, before: 'e3b0', text: 'Hi.' };
const SPEECH: SpeechChunk = {
  pcm: Int16Array.of(1, 2, 3),
  alignment: { chars: ['H', 'i', '.'], startMs: [0, 50, 100], durationMs: [50, 50, 50] },
};

describe('the cache of live narrations', () => {
  let folder: string;
  let logger: RecordingLogger;
  const caches: SharedAudioCache[] = [];

  beforeEach(async () => {
    logger = RecordingLogger.install();
    folder = await mkdtemp(join(tmpdir(), 'parley-'));
  });
  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.onApplicationShutdown()));
    await rm(folder, { recursive: true });
    logger.restore();
  });

  function open(environment: Record<string, string> = {}, simulated = true): { shared: SharedAudioCache; cache: NarrationCache } {
    const shared = new SharedAudioCache(testSettings({ DATA_DIR: join(folder, 'data'), ...environment }));
    caches.push(shared);
    const port = Object.assign(new FakeNarrator(), { info: { name: 'fake', simulated } }) as unknown as NarrationProvider;
    return { shared, cache: new NarrationCache(shared, { port }) };
  }

  /** Resolves when the audio is on the disk. */
  async function store(cache: NarrationCache, chunk = CHUNK): Promise<void> {
    cache.store(chunk, SPEECH);
    while ((await cache.find(chunk)) === undefined) await new Promise(setImmediate);
  }

  it('gives what was stored, also after a restart, and counts it', async () => {
    const { shared, cache } = open();
    expect(await cache.find(CHUNK)).toBeUndefined();
    await store(cache);
    expect(await cache.find(CHUNK)).toEqual(SPEECH);
    expect(shared.counts).toMatchObject({ entries: 1, misses: 1 });
    expect(await open().cache.find(CHUNK)).toEqual(SPEECH);
  });

  it.each<[string, Partial<ChunkIdentity>]>([
    ['another text', { text: 'Ho.' }],
    ['other text before it', { before: 'abcd' }],
    ['another voice', { voiceId: 'ray' }],
    ['another rate', { sampleRateHz: 16_000 }],
  ])('has nothing for %s', async (_, change) => {
    const { cache } = open();
    await store(cache);
    expect(await cache.find({ ...CHUNK, ...change })).toBeUndefined();
  });

  it('does not give what the simulator has spoken for the vendor', async () => {
    await store(open().cache);
    expect(await open({}, false).cache.find(CHUNK)).toBeUndefined();
  });

  it('makes no folder when it is turned off', async () => {
    const { cache } = open({ AUDIO_CACHE_MAX_BYTES: '0' });
    cache.store(CHUNK, SPEECH);
    expect(await cache.find(CHUNK)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says once that the folder cannot be used, and has nothing then', async () => {
    await writeFile(join(folder, 'data'), '');
    const { cache } = open();
    expect(await cache.find(CHUNK)).toBeUndefined();
    cache.store(CHUNK, SPEECH);
    expect(await cache.find(CHUNK)).toBeUndefined();
    expect(logger.text.split('live narrations are not cached')).toHaveLength(2);
  });
});
