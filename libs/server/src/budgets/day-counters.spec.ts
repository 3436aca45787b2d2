import { DAY_MS, DayCounters } from './day-counters';
import type { SharedCounters } from './shared-counters';

/** Shared counters in memory, which a test can make unreachable or empty. */
class FakeShared implements SharedCounters {
  totals = new Map<string, number>();
  isAway = false;

  async add(name: string, amount: number): Promise<number> {
    await Promise.resolve();
    if (this.isAway) throw new Error('away');
    const total = (this.totals.get(name) ?? 0) + amount;
    this.totals.set(name, total);
    return total;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('DayCounters', () => {
  const START_MS = Date.UTC(2026, 10, 30, 12);
  let nowMs = START_MS;
  let shared: FakeShared;
  let told: string[];
  let opened: DayCounters[];

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'performance'] });
    nowMs = START_MS;
    shared = new FakeShared();
    told = [];
    opened = [];
  });
  afterEach(async () => {
    shared.isAway = false;
    for (const counters of opened) await counters.close();
    jest.useRealTimers();
  });

  function server(own?: SharedCounters): DayCounters {
    const counters = new DayCounters({
      shared: own,
      now: () => nowMs,
      onAway: () => told.push('away'),
      onBack: () => told.push('back'),
    });
    opened.push(counters);
    return counters;
  }

  const pass = (ms = 5_000): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('add up what is counted under each name', () => {
    const counters = server();
    counters.add('turns', 1);
    counters.add('turns', 2);
    counters.add('characters', 10);
    expect([counters.used('turns'), counters.used('characters'), counters.used('other')]).toEqual([3, 10, 0]);
  });

  it('start anew at midnight of UTC', () => {
    const counters = server();
    counters.add('turns', 1);
    expect(counters.leftOfDayMs).toBe(DAY_MS / 2);
    nowMs += DAY_MS / 2 - 1;
    expect(counters.used('turns')).toBe(1);
    nowMs += 1;
    expect(counters.used('turns')).toBe(0);
    expect(counters.leftOfDayMs).toBe(DAY_MS);
  });

  it('of several servers come to know what the others have counted', async () => {
    const [first, second] = [server(shared), server(shared)];
    first.add('turns', 2);
    await pass();
    second.add('turns', 1);
    expect(second.used('turns')).toBe(1);
    await pass();
    expect(second.used('turns')).toBe(3);
    expect(first.used('turns')).toBe(2);
    await first.refresh(['turns']);
    expect(first.used('turns')).toBe(3);
    expect(shared.totals).toEqual(new Map([['2026-11-30:turns', 3]]));
  });

  it('count what comes while an amount is being sent exactly once', async () => {
    const counters = server(shared);
    counters.add('turns', 1);
    const refreshed = counters.refresh(['turns']);
    counters.add('turns', 5);
    expect(counters.used('turns')).toBe(6);
    await refreshed;
    expect(counters.used('turns')).toBe(6);
    await pass();
    expect(counters.used('turns')).toBe(6);
    expect(shared.totals.get('2026-11-30:turns')).toBe(6);
  });

  it('go on alone while the shared ones are away, and add what they have counted when these are back', async () => {
    const [first, second] = [server(shared), server(shared)];
    first.add('turns', 2);
    await pass();
    await second.refresh(['turns']);
    shared.isAway = true;
    first.add('turns', 3);
    await pass();
    first.add('turns', 1);
    await pass();
    await first.refresh(['turns']);
    expect([first.used('turns'), second.used('turns')]).toEqual([6, 2]);
    expect(told).toEqual(['away']);
    shared.isAway = false;
    await pass();
    await second.refresh(['turns']);
    expect([first.used('turns'), second.used('turns')]).toEqual([6, 6]);
    expect(told).toEqual(['away', 'back']);
  });

  it('fill shared ones again that have come back empty', async () => {
    const counters = server(shared);
    counters.add('turns', 4);
    await pass();
    shared.totals.clear();
    counters.add('turns', 1);
    await pass();
    expect(counters.used('turns')).toBe(5);
    expect(shared.totals.get('2026-11-30:turns')).toBe(5);
  });

  it('notice that the shared ones are back when there is nothing to send', async () => {
    const counters = server(shared);
    shared.isAway = true;
    await counters.refresh(['turns']);
    shared.isAway = false;
    await pass();
    expect(told).toEqual(['away', 'back']);
  });

  it('send what is left when they are closed', async () => {
    const counters = server(shared);
    counters.add('turns', 1);
    await counters.close();
    expect(shared.totals.get('2026-11-30:turns')).toBe(1);
  });
});
