import { settle } from '../testing/virtual-time';
import { OpeningQueue } from './opening-queue';

describe('OpeningQueue', () => {
  /** Joins the queue. The opening lasts until the returned function is called. */
  function join(queue: OpeningQueue, log: string[], name: string) {
    let finish = (): void => undefined;
    const place = queue.join(() => {
      log.push(name);
      return new Promise((resolve) => (finish = resolve));
    });
    return { place, finish: () => finish() };
  }

  it('opens as many connections at once as allowed, and the others in order of arrival', async () => {
    const queue = new OpeningQueue({ maxOpening: 2 });
    const log: string[] = [];
    const [first] = ['first', 'second', 'third', 'fourth'].map((name) => join(queue, log, name));
    expect(log).toEqual(['first', 'second']);
    expect([queue.opening, queue.waitingCount]).toEqual([2, 2]);
    first.finish();
    await settle();
    expect(log).toEqual(['first', 'second', 'third']);
    expect([queue.opening, queue.waitingCount]).toEqual([2, 1]);
  });

  it('lets a waiting connection leave, and keeps the place of one that is being opened', () => {
    const queue = new OpeningQueue({ maxOpening: 1 });
    const [first, second] = [join(queue, [], 'first'), join(queue, [], 'second')];
    expect(first.place?.leave()).toBe(false);
    expect(second.place?.leave()).toBe(true);
    expect([queue.opening, queue.waitingCount]).toEqual([1, 0]);
  });

  it('rejects those who would have to wait too long', () => {
    const queue = new OpeningQueue({ maxOpening: 1 });
    const places = Array.from({ length: 12 }, (_, index) => join(queue, [], String(index)).place);
    expect(places.map((place) => place !== undefined)).toEqual([...Array<boolean>(11).fill(true), false]);
  });
});
