import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AudioCache, type AudioCacheEvent, type AudioCacheOptions } from './audio-cache';
import { audioKey } from './identity';
import { chunkOf, collect, FakeVoice, identityOf, readyRequest } from './testing/fake-voice';
import { temporaryFolderForEachTest } from './testing/temporary-folder';

const never = () => new AbortController().signal;
const MANY_BYTES = 2 ** 20;

describe('the audio cache', () => {
  const folder = temporaryFolderForEachTest();
  const caches: AudioCache[] = [];
  let events: AudioCacheEvent[] = [];
  let voice: FakeVoice;

  beforeEach(() => {
    events = [];
    voice = new FakeVoice();
  });

  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
  });

  async function open(options: Partial<AudioCacheOptions> = {}): Promise<AudioCache> {
    const cache = await AudioCache.open({ directory: folder(), maxBytes: MANY_BYTES, onEvent: (event) => events.push(event), ...options });
    caches.push(cache);
    return cache;
  }

  const files = (): string[] => readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(audio|part)$/.test(name));
  const fileOf = (text: string) => join(folder(), audioKey(identityOf(text)).slice(0, 2), `${audioKey(identityOf(text))}.audio`);

  it('has audio made once and then gives exactly the same chunks from the disk, also after a restart', async () => {
    const chunks = [chunkOf(1), { ...chunkOf(2), line: 3 }, { pcm: chunkOf(4).pcm }];
    const cache = await open();
    expect(await collect(cache.speak(readyRequest('hello', chunks), never()))).toEqual(chunks);
    expect(await collect(cache.speak(voice.request('hello'), never()))).toEqual(chunks);
    const restarted = await open();
    expect(await collect(restarted.speak(voice.request('hello'), never()))).toEqual(chunks);
    expect(voice.asked).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(['made', 'stored', 'hit', 'hit']);
    expect(cache.counts).toMatchObject({ hits: 1, misses: 1, entries: 1, bytes: readFileSync(fileOf('hello')).length });
  });

  it('says where the audio comes from', async () => {
    const cache = await open();
    const sources: string[] = [];
    const onSource = (source: string) => sources.push(source);
    await collect(cache.speak(readyRequest('hello', [chunkOf(1)], { onSource }), never()));
    await collect(cache.speak(readyRequest('hello', [chunkOf(1)], { onSource }), never()));
    expect(sources).toEqual(['made', 'hit']);
  });

  it('stores audio that was made elsewhere, and gives it whole', async () => {
    const chunks = [chunkOf(1), chunkOf(2)];
    const cache = await open();
    expect(await cache.take(identityOf('hello'))).toBeUndefined();
    await cache.put(identityOf('hello'), chunks);
    expect(await cache.take(identityOf('hello'))).toEqual(chunks);
    expect(cache.counts).toMatchObject({ hits: 1, misses: 1, entries: 1 });
  });

  it('gives nothing whole of an entry that is damaged', async () => {
    const cache = await open();
    await cache.put(identityOf('hello'), [chunkOf(1)]);
    truncateSync(fileOf('hello'), 60);
    expect(await cache.take(identityOf('hello'))).toBeUndefined();
    expect(cache.counts).toMatchObject({ hits: 0, damaged: 1, entries: 0 });
  });

  it('stores nothing when it is turned off', async () => {
    const cache = await open({ maxBytes: 0 });
    await cache.put(identityOf('hello'), [chunkOf(1)]);
    expect(await cache.take(identityOf('hello'))).toBeUndefined();
    expect(files()).toEqual([]);
  });

  it('passes a chunk on before the next one is made', async () => {
    const cache = await open();
    const stream = cache.speak(voice.request('hello'), never());
    voice.give(chunkOf(1));
    expect((await stream.next()).value).toEqual(chunkOf(1));
    voice.give(chunkOf(2), 'end');
    expect(await collect(stream)).toEqual([chunkOf(2)]);
  });

  it('gives the whole audio to requests that come while it is made, and has it made once', async () => {
    const chunks = Array.from({ length: 40 }, (_, i) => chunkOf(i));
    const cache = await open();
    const first = cache.speak(voice.request('hello'), never());
    voice.give(...chunks.slice(0, 30));
    for (const chunk of chunks.slice(0, 30)) expect((await first.next()).value).toEqual(chunk);
    const second = collect(cache.speak(voice.request('hello'), never()));
    const third = collect(cache.speak(voice.request('hello'), never()));
    voice.give(...chunks.slice(30), 'end');
    expect(await collect(first)).toEqual(chunks.slice(30));
    expect(await second).toEqual(chunks);
    expect(await third).toEqual(chunks);
    expect(voice.asked).toBe(1);
    expect(cache.counts).toMatchObject({ misses: 1, joined: 2, hits: 0 });
  });

  it('has audio made once if many ask for it in the same moment', async () => {
    const cache = await open();
    const all = Array.from({ length: 10 }, () => collect(cache.speak(voice.request('hello'), never())));
    voice.give(chunkOf(1), 'end');
    for (const chunks of await Promise.all(all)) expect(chunks).toEqual([chunkOf(1)]);
    expect(voice.asked).toBe(1);
  });

  it('ends the stream of one listener who leaves, and goes on for the others', async () => {
    const cache = await open();
    const leaving = new AbortController();
    const left = cache.speak(voice.request('hello'), leaving.signal);
    const stays = cache.speak(voice.request('hello'), never());
    voice.give(chunkOf(1));
    await Promise.all([left.next(), stays.next()]);
    leaving.abort();
    expect(await collect(left)).toEqual([]);
    expect(voice.aborted).toBe(0);
    voice.give(chunkOf(2), 'end');
    expect(await collect(stays)).toEqual([chunkOf(2)]);
    expect(voice.asked).toBe(1);
  });

  it('stops the work and keeps nothing when the last listener leaves, by an abort or out of the loop', async () => {
    const cache = await open();
    const leaving = new AbortController();
    const aborted = collect(cache.speak(voice.request('hello'), leaving.signal));
    const left = cache.speak(voice.request('hello'), never());
    voice.give(chunkOf(1));
    await left.next();
    leaving.abort();
    await aborted;
    await left.return();
    expect(voice.aborted).toBe(1);
    await cache.close();
    expect(files()).toEqual([]);
    voice.give(chunkOf(1), 'end');
    expect(await collect(cache.speak(voice.request('hello'), never()))).toEqual([chunkOf(1)]);
    expect(voice.asked).toBe(2);
  });

  it('passes a failure on after the audio before it, stores nothing, and asks again the next time', async () => {
    const cache = await open();
    const stream = cache.speak(voice.request('hello'), never());
    const joined = cache.speak(voice.request('hello'), never());
    voice.give(chunkOf(1), new Error('the vendor is gone'));
    await Promise.all(
      [stream, joined].map(async (one) => {
        expect((await one.next()).value).toEqual(chunkOf(1));
        await expect(one.next()).rejects.toThrow('the vendor is gone');
      }),
    );
    expect(voice.asked).toBe(1);
    await cache.close();
    expect(files()).toEqual([]);
    voice.give(chunkOf(2), 'end');
    expect(await collect(cache.speak(voice.request('hello'), never()))).toEqual([chunkOf(2)]);
  });

  it('passes on the failure of a provider that fails at once', async () => {
    const cache = await open();
    const make = () => {
      throw new Error('no key');
    };
    for (let i = 0; i < 2; i++) await expect(collect(cache.speak({ identity: identityOf('a'), make }, never()))).rejects.toThrow('no key');
  });

  it('does not keep silence that a provider gave without an error', async () => {
    const cache = await open();
    expect(await collect(cache.speak(readyRequest('hello', []), never()))).toEqual([]);
    expect(files()).toEqual([]);
  });

  it('gives nothing to a request that was aborted before', async () => {
    const cache = await open();
    expect(await collect(cache.speak(voice.request('hello'), AbortSignal.abort()))).toEqual([]);
    expect(voice.asked).toBe(0);
  });

  it('finds an entry with its alignment and details for those who put episodes together', async () => {
    const cache = await open();
    const request = readyRequest('hello', [chunkOf(1), chunkOf(2)], { details: () => ({ billedCharacters: 5 }) });
    await collect(cache.speak(request, never()));
    const found = await cache.find(audioKey(request.identity));
    expect(found?.sampleRateHz).toBe(24_000);
    expect(found?.samples).toBe(200);
    expect(found?.details).toEqual({ billedCharacters: 5 });
    expect(found?.alignment).toEqual({ chars: ['a', 'b', 'a', 'b'], startMs: [100, 110, 200, 210], durationMs: [10, 20, 10, 20] });
    expect(found && (await collect(found.chunks()))).toEqual([chunkOf(1), chunkOf(2)]);
    await found?.close();
    expect(await cache.find(audioKey(identityOf('unknown')))).toBeUndefined();
    expect(await cache.find('../../etc/passwd')).toBeUndefined();
  });

  it('evicts what has not been used for longest, also after a restart', async () => {
    const cache = await open({ maxBytes: MANY_BYTES });
    for (const text of ['a', 'b', 'c']) await collect(cache.speak(readyRequest(text, [chunkOf(1, 1000)]), never()));
    await collect(cache.speak(readyRequest('a', []), never()));
    const bytesOfOne = readFileSync(fileOf('a')).length;
    const restarted = await open({ maxBytes: 3 * bytesOfOne });
    await collect(restarted.speak(readyRequest('d', [chunkOf(1, 1000)]), never()));
    expect(files().sort()).toEqual(['a', 'c', 'd'].map((text) => fileOf(text).slice(folder().length + 1)).sort());
    expect(restarted.counts).toMatchObject({ evictions: 1, bytes: 3 * bytesOfOne, entries: 3 });
  });

  it('does not cut off audio that is being read when it is evicted', async () => {
    const chunks = Array.from({ length: 20 }, (_, i) => chunkOf(i));
    const cache = await open({ maxBytes: 10_000 });
    await collect(cache.speak(readyRequest('a', chunks), never()));
    const reading = cache.speak(voice.request('a'), never());
    await reading.next();
    await collect(cache.speak(readyRequest('b', chunks), never()));
    expect(files()).toHaveLength(1);
    expect(await collect(reading)).toEqual(chunks.slice(1));
  });

  it('passes on audio that is larger than the bound, without keeping it', async () => {
    const cache = await open({ maxBytes: 1000 });
    expect(await collect(cache.speak(readyRequest('a', [chunkOf(1, 1000)]), never()))).toEqual([chunkOf(1, 1000)]);
    expect(files()).toEqual([]);
  });

  it('keeps no file and has everything made if the bound is 0', async () => {
    const cache = await open({ maxBytes: 0, directory: join(folder(), 'unused') });
    for (let i = 0; i < 2; i++) expect(await collect(cache.speak(readyRequest('a', [chunkOf(1)]), never()))).toEqual([chunkOf(1)]);
    expect(readdirSync(folder())).toEqual([]);
    expect(cache.counts).toMatchObject({ hits: 0, misses: 2, bytes: 0 });
  });

  const damages: [string, (file: string) => void][] = [
    ['was cut off', (file) => truncateSync(file, readFileSync(file).length - 1)],
    ['is empty', (file) => truncateSync(file, 0)],
    ['has a changed sample', (file) => writeChanged(file, 10)],
    ['has a changed index', (file) => writeChanged(file, -30)],
    ['has a changed trailer', (file) => writeChanged(file, -1)],
    ['is something else', (file) => writeFileSync(file, 'x'.repeat(500))],
  ];

  function writeChanged(file: string, at: number): void {
    const bytes = readFileSync(file);
    bytes.set([(bytes.at(at) ?? 0) ^ 0xff], at < 0 ? bytes.length + at : at);
    writeFileSync(file, bytes);
  }

  it.each(damages)('takes an entry that %s for absent, and replaces it', async (_, damage) => {
    const cache = await open();
    await collect(cache.speak(readyRequest('a', [chunkOf(1)]), never()));
    damage(fileOf('a'));
    expect(await collect(cache.speak(readyRequest('a', [chunkOf(2)]), never()))).toEqual([chunkOf(2)]);
    expect(await collect(cache.speak(readyRequest('a', [chunkOf(3)]), never()))).toEqual([chunkOf(2)]);
    expect(cache.counts).toMatchObject({ damaged: 1, misses: 2, hits: 1, entries: 1 });
  });

  it('shares the folder with other processes: finds what they store, and keeps to the bound together with them', async () => {
    const one = await open({ maxBytes: 10_000 });
    const other = await open({ maxBytes: 10_000 });
    await collect(one.speak(readyRequest('a', [chunkOf(1, 1500)]), never()));
    expect(await collect(other.speak(voice.request('a'), never()))).toEqual([chunkOf(1, 1500)]);
    for (const text of ['b', 'c']) await collect(one.speak(readyRequest(text, [chunkOf(1, 1500)]), never()));
    await collect(other.speak(voice.request('a'), never()));
    await collect(other.speak(readyRequest('d', [chunkOf(1, 1500)]), never()));
    await one.settle();
    expect(files().sort()).toEqual(['a', 'c', 'd'].map((text) => fileOf(text).slice(folder().length + 1)).sort());
    expect(one.counts.bytes).toBe(other.counts.bytes);
  });

  it('passes the audio on when the disk fails while it is made, and reports it', async () => {
    const cache = await open();
    const stream = cache.speak(voice.request('a'), never());
    const chunks = Array.from({ length: 12 }, (_, i) => chunkOf(i));
    rmSync(join(folder(), 'temporary'), { recursive: true });
    voice.give(...chunks, 'end');
    expect(await collect(stream)).toEqual(chunks);
    expect(cache.counts.failures).toBe(1);
    expect(files()).toEqual([]);
  });

  it('removes the files of killed processes when it starts, but none that may still be written', async () => {
    const folderOfParts = join(folder(), 'temporary');
    mkdirSync(folderOfParts);
    for (const name of ['old.part', 'new.part']) writeFileSync(join(folderOfParts, name), 'x');
    utimesSync(join(folderOfParts, 'old.part'), 0, 0);
    await open();
    expect(readdirSync(folderOfParts)).toEqual(['new.part']);
  });

  it('deletes an entry on request', async () => {
    const cache = await open();
    await collect(cache.speak(readyRequest('a', [chunkOf(1)]), never()));
    await cache.delete(audioKey(identityOf('a')));
    await cache.delete(audioKey(identityOf('a')));
    expect(files()).toEqual([]);
    expect(cache.counts).toMatchObject({ entries: 0, bytes: 0, evictions: 0 });
  });

  it('ends all streams when it is closed, and leaves no file behind', async () => {
    const cache = await open();
    const waiting = cache.speak(voice.request('a'), never());
    voice.give(chunkOf(1));
    await waiting.next();
    const rest = collect(waiting);
    const left = cache.speak(voice.request('b'), never());
    voice.give(chunkOf(2));
    await left.next();
    await cache.close();
    expect(await rest).toEqual([]);
    expect(await collect(left)).toEqual([]);
    expect(files()).toEqual([]);
  });
});
