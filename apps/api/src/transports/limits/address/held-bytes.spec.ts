import { testSettings } from '@parley/server/testing';
import { type BytesHeld, HeldBytes } from './held-bytes';

const LIMIT = 300_000;

describe('HeldBytes', () => {
  let held: HeldBytes;
  let evicted: string[];
  beforeEach(() => {
    held = new HeldBytes(testSettings({ MAX_UNSTARTED_BYTES_PER_ADDRESS: String(LIMIT) }));
    evicted = [];
  });
  const holder = (name: string, address = '192.0.2.1'): BytesHeld => held.of(address, () => evicted.push(name));

  it('lets connections hold as much as their address may', () => {
    holder('one').set(LIMIT / 2);
    holder('other').set(LIMIT / 2);
    expect(evicted).toEqual([]);
  });

  it('ends the connection that holds most when the address holds too much, and not the one that came last', () => {
    holder('small').set(10_000);
    holder('largest').set(190_000);
    holder('large').set(99_000);
    holder('honest').set(2_000);
    expect(evicted).toEqual(['largest']);
  });

  it('ends no more connections than it must', () => {
    for (const name of ['a', 'b', 'c', 'd']) holder(name).set(100_000);
    expect(evicted).toHaveLength(1);
  });

  it('counts what a connection holds now, not what it held before', () => {
    const one = holder('one');
    for (let message = 0; message < 10; message++) {
      one.set(200_000);
      one.set(0);
    }
    holder('other').set(LIMIT);
    expect(evicted).toEqual([]);
  });

  it('counts each address for itself', () => {
    holder('here').set(LIMIT);
    holder('there', '192.0.2.2').set(LIMIT);
    expect(evicted).toEqual([]);
  });

  it('does not count a connection any more that was released, whatever arrives on it', () => {
    const started = holder('started');
    started.set(100_000);
    started.release();
    started.set(LIMIT * 2);
    holder('other').set(LIMIT);
    expect(evicted).toEqual([]);
  });

  it('keeps nothing of an address whose connections were released, were it twice', () => {
    const holders = [holder('one'), holder('other')];
    for (const one of [...holders, ...holders]) one.release();
    expect(held.size).toBe(0);
  });
});
