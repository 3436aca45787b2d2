import { SpeechCache } from './speech-cache';

const line = (samples: number) => new Int16Array(samples);

describe('SpeechCache', () => {
  it('returns what it was given, and counts hits and misses', () => {
    const cache = new SpeechCache(100);
    const hello = line(10);
    expect(cache.get('hello')).toBeUndefined();
    cache.set('hello', hello);
    expect(cache.get('hello')).toBe(hello);
    expect(cache.counts).toEqual({ hits: 1, misses: 1, entries: 1, bytes: 20 });
  });

  it('removes the line that was not used for the longest time', () => {
    const cache = new SpeechCache(60);
    for (const key of ['a', 'b', 'c']) cache.set(key, line(10));
    cache.get('a');
    cache.set('d', line(10));
    expect(['a', 'b', 'c', 'd'].map((key) => cache.has(key))).toEqual([true, false, true, true]);
    cache.set('e', line(20));
    expect(['a', 'c', 'd', 'e'].map((key) => cache.has(key))).toEqual([false, false, true, true]);
    expect(cache.counts.bytes).toBe(60);
  });

  it('replaces a line, and stores none that is too long', () => {
    const cache = new SpeechCache(60);
    cache.set('a', line(10));
    cache.set('a', line(30));
    expect(cache.counts).toMatchObject({ entries: 1, bytes: 60 });
    cache.set('a', line(31));
    expect(cache.counts).toMatchObject({ entries: 0, bytes: 0 });
  });
});
