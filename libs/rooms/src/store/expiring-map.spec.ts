import { ManualClock } from '@parley/testing';
import { ExpiringMap } from './expiring-map';

describe('values that are forgotten after a time', () => {
  it('are there until then, and not at that moment', async () => {
    const clock = new ManualClock();
    const map = new ExpiringMap<number>(() => clock.now());
    map.set('a', 1, 100);
    map.set('b', 2, 200);
    await clock.advance(99);
    expect(map.get('a')).toBe(1);
    expect(map.remainingMs('a')).toBe(1);
    await clock.advance(1);
    expect(map.get('a')).toBeUndefined();
    expect(map.remainingMs('a')).toBe(0);
    expect(map.values()).toEqual([2]);
    map.delete('b');
    expect(map.values()).toEqual([]);
  });

  it('do not pile up when nobody asks for them', async () => {
    const clock = new ManualClock();
    const map = new ExpiringMap<number>(() => clock.now());
    for (let i = 0; i < 10_000; i++) {
      map.set(`key ${i}`, i, 10);
      await (i % 100 === 0 && clock.advance(10));
    }
    expect(map.size).toBeLessThan(1_000);
  });
});
