import { AsyncQueue } from './async-queue';
import { collect } from '../testing/collect';
import { TextLog } from './text-log';

async function* sentences(...texts: string[]) {
  yield* texts;
}

describe('TextLog', () => {
  it('gives every reader all sentences from the first on, trimmed', async () => {
    const log = new TextLog(sentences(' One. ', 'Two.'));
    expect(await collect(log.read())).toEqual(['One.', 'Two.']);
    expect(await collect(log.read())).toEqual(['One.', 'Two.']);
  });

  it('leaves out sentences that contain nothing to speak', async () => {
    expect(await collect(new TextLog(sentences('', ' … ', '—', '42', 'नमस्ते')).read())).toEqual(['42', 'नमस्ते']);
  });

  it('knows whether there is anything to speak', async () => {
    expect(await new TextLog(sentences('', 'x')).hasText()).toBe(true);
    expect(await new TextLog(sentences('', '!')).hasText()).toBe(false);
  });

  it('passes sentences on as they arrive', async () => {
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

  it('throws the error of its source after the sentences that came before it', async () => {
    const source = new AsyncQueue<string>();
    source.push('One.');
    source.fail(new Error('no more'));
    const log = new TextLog(source);
    const reader = log.read();
    expect((await reader.next()).value).toBe('One.');
    await expect(reader.next()).rejects.toThrow('no more');
    await expect(collect(log.read())).rejects.toThrow('no more');
  });

  it('ends its readers and leaves its source when it is closed', async () => {
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

  it('never reads its source if it was closed before', async () => {
    const source = new AsyncQueue<string>();
    const log = new TextLog(source);
    log.close();
    expect(await collect(log.read())).toEqual([]);
    expect(() => source[Symbol.asyncIterator]()).not.toThrow();
  });
});
