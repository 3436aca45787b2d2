import { AsyncQueue } from './async-queue';
import { collect } from '../testing/collect';
import { TextLog } from './text-log';

async function* sentences(...texts: string[]) {
  yield* texts;
}

describe('TextLog', () => {
  it('gives every reader all of it, from the first sentence on, trimmed', async () => {
    const log = new TextLog(sentences(' One. ', 'Two.'));
    expect(await collect(log.read())).toEqual(['One.', 'Two.']);
    expect(await collect(log.read())).toEqual(['One.', 'Two.']);
  });

  it('leaves out what holds nothing to say', async () => {
    expect(await collect(new TextLog(sentences('', ' … ', '—', '42', 'नमस्ते')).read())).toEqual(['42', 'नमस्ते']);
  });

  it('knows whether there is anything to say', async () => {
    expect(await new TextLog(sentences('', 'x')).hasText()).toBe(true);
    expect(await new TextLog(sentences('', '!')).hasText()).toBe(false);
  });

  it('hands sentences on as they come', async () => {
    const source = new AsyncQueue<string>();
    const log = new TextLog(source);
    const reader = log.read();
    const first = reader.next();
    source.push('One.');
    expect(await first).toEqual({ value: 'One.', done: false });
    const second = reader.next();
    source.end();
    expect((await second).done).toBe(true);
  });

  it('throws what its source threw, after what came before', async () => {
    const source = new AsyncQueue<string>();
    source.push('One.');
    source.fail(new Error('no more'));
    const log = new TextLog(source);
    const reader = log.read();
    expect((await reader.next()).value).toBe('One.');
    await expect(reader.next()).rejects.toThrow('no more');
    await expect(collect(log.read())).rejects.toThrow('no more');
  });

  it('when closed ends its readers and lets go of its source', async () => {
    const onLeave = jest.fn();
    const source = new AsyncQueue<string>({ onLeave });
    const log = new TextLog(source);
    const waiting = log.read().next();
    log.close();
    log.close();
    expect((await waiting).done).toBe(true);
    expect(onLeave).toHaveBeenCalledTimes(1);
    expect(await collect(log.read())).toEqual([]);
  });

  it('closed before it was read never touches its source', async () => {
    const source = new AsyncQueue<string>();
    const log = new TextLog(source);
    log.close();
    expect(await collect(log.read())).toEqual([]);
    expect(() => source[Symbol.asyncIterator]()).not.toThrow();
  });
});
