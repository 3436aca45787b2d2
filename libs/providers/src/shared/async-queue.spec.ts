import { AsyncQueue } from './async-queue';

async function drain<T>(queue: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe('AsyncQueue', () => {
  it('delivers items in order, whether they were pushed before the consumer came or while it waits', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    const drained = drain(queue);
    await Promise.resolve();
    queue.push(2);
    queue.push(3);
    queue.end();
    expect(await drained).toEqual([1, 2, 3]);
  });

  it('carries undefined like any other item', async () => {
    const queue = new AsyncQueue<undefined>();
    queue.push(undefined);
    queue.end();
    expect(await drain(queue)).toEqual([undefined]);
  });

  it('throws a failure once, after the items that came before it', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.fail(new Error('lost'));
    const iterator = queue[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ value: 1, done: false });
    await expect(iterator.next()).rejects.toThrow('lost');
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });

  it('throws the failure to a consumer that is already waiting', async () => {
    const queue = new AsyncQueue<number>();
    const drained = drain(queue);
    queue.fail(new Error('lost'));
    await expect(drained).rejects.toThrow('lost');
  });

  it('ignores everything that comes after its end', async () => {
    const queue = new AsyncQueue<number>();
    queue.end();
    queue.fail(new Error('late'));
    expect(queue.push(1)).toBe(false);
    expect(await drain(queue)).toEqual([]);
  });

  it('discards all items that were not consumed, and also a failure', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.fail(new Error('lost'));
    queue.discard();
    expect(await drain(queue)).toEqual([]);
  });

  it('refuses items beyond its capacity, and accepts more after one was consumed', async () => {
    const queue = new AsyncQueue<number>({ capacity: 2 });
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
    expect(queue.size).toBe(2);
    await queue[Symbol.asyncIterator]().next();
    expect(queue.push(4)).toBe(true);
  });

  it('notifies its owner once if the consumer leaves early, and not if it stays to the end', async () => {
    const onLeave = jest.fn();
    const left = new AsyncQueue<number>({ onLeave });
    left.push(1);
    left.push(2);
    for await (const item of left) {
      expect(item).toBe(1);
      break;
    }
    expect(onLeave).toHaveBeenCalledTimes(1);
    expect(left.isEnded).toBe(true);
    expect(left.push(3)).toBe(false);

    const stayed = new AsyncQueue<number>({ onLeave });
    stayed.end();
    await drain(stayed);
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it('rejects a second consumer', () => {
    const queue = new AsyncQueue<number>();
    queue[Symbol.asyncIterator]();
    expect(() => queue[Symbol.asyncIterator]()).toThrow('one consumer');
  });
});
