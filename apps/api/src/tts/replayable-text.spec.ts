import { AsyncQueue } from '@parley/providers';
import { ReplayableText } from './replayable-text';

async function collect(text: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const sentence of text) all.push(sentence);
  return all;
}

describe('ReplayableText', () => {
  it('can be read again, while its source is read once', async () => {
    let reads = 0;
    async function* source(): AsyncGenerator<string> {
      for (const sentence of ['One.', 'Two.', 'Three.']) {
        reads += 1;
        yield sentence;
      }
    }
    const text = new ReplayableText(source());
    expect(await collect(text.fromStart())).toEqual(['One.', 'Two.', 'Three.']);
    expect(await collect(text.fromStart())).toEqual(['One.', 'Two.', 'Three.']);
    expect(reads).toBe(3);
  });

  it('gives a second reader what the first has had, and then the rest', async () => {
    const source = new AsyncQueue<string>();
    const text = new ReplayableText(source);
    source.push('One.');
    const first = text.fromStart();
    expect((await first.next()).value).toBe('One.');
    await first.return(undefined);
    source.push('Two.');
    source.end();
    expect(await collect(text.fromStart())).toEqual(['One.', 'Two.']);
  });

  it('loses nothing when the first reader was waiting as the second began', async () => {
    const source = new AsyncQueue<string>();
    const text = new ReplayableText(source);
    source.push('One.');
    const first = text.fromStart();
    await first.next();
    const abandoned = first.next();
    const left = first.return(undefined);
    const second = collect(text.fromStart());
    source.push('Two.');
    source.push('Three.');
    source.end();
    expect(await second).toEqual(['One.', 'Two.', 'Three.']);
    expect(await abandoned).toEqual({ value: 'Two.', done: false });
    await left;
  });

  it('serves two readers at the same time', async () => {
    const source = new AsyncQueue<string>();
    const text = new ReplayableText(source);
    const readers = [collect(text.fromStart()), collect(text.fromStart())];
    for (const sentence of ['One.', 'Two.', 'Three.']) {
      source.push(sentence);
      await Promise.resolve();
    }
    source.end();
    expect(await Promise.all(readers)).toEqual([
      ['One.', 'Two.', 'Three.'],
      ['One.', 'Two.', 'Three.'],
    ]);
  });

  it('keeps empty sentences in their place', async () => {
    const source = new AsyncQueue<string>();
    for (const sentence of ['', 'One.', '']) source.push(sentence);
    source.end();
    expect(await collect(new ReplayableText(source).fromStart())).toEqual(['', 'One.', '']);
  });

  it('hands the source’s failure to its readers', async () => {
    const source = new AsyncQueue<string>();
    const text = new ReplayableText(source);
    source.push('One.');
    source.fail(new Error('no more'));
    const reader = text.fromStart();
    expect((await reader.next()).value).toBe('One.');
    await expect(reader.next()).rejects.toThrow('no more');
    const again = text.fromStart();
    expect((await again.next()).value).toBe('One.');
    await expect(again.next()).rejects.toThrow('no more');
  });
});
