import { eventually } from '@parley/testing';
import { RedisServer } from '@parley/testing/servers';
import { DayCounters } from './day-counters';
import { RedisCounters } from './redis-counters';

describe('the counters in Redis', () => {
  let redis: RedisServer;
  const opened: DayCounters[] = [];
  const told: string[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    for (const counters of opened.splice(0)) await counters.close();
    told.length = 0;
  });

  async function server(name: string): Promise<DayCounters> {
    const counters = new DayCounters({
      shared: await RedisCounters.open(redis.url),
      now: Date.now,
      onAway: () => told.push(`${name}: away`),
      onBack: () => told.push(`${name}: back`),
    });
    opened.push(counters);
    return counters;
  }

  const comesToKnow = (counters: DayCounters, name: string, total: number): Promise<void> =>
    eventually(() => {
      void counters.refresh([name]);
      return counters.used(name) === total;
    }, `a total of ${total}`);

  it('are the same for two servers', async () => {
    const [first, second] = [await server('first'), await server('second')];
    first.add('day:turns', 2);
    await first.refresh(['day:turns']);
    second.add('day:turns', 1);
    await eventually(() => second.used('day:turns') === 3, 'the total');
    await first.refresh(['day:turns']);
    expect(first.used('day:turns')).toBe(3);
    expect(told).toEqual([]);
  });

  it('are replaced by those of each server while Redis is away, and lose nothing', async () => {
    const [first, second] = [await server('first'), await server('second')];
    first.add('day:characters', 10);
    await first.refresh(['day:characters']);
    await redis.pause();
    first.add('day:characters', 5);
    await eventually(() => told.includes('first: away'), 'the loss to be noticed');
    first.add('day:characters', 1);
    expect(first.used('day:characters')).toBe(16);
    await redis.resume();
    await eventually(() => told.includes('first: back'), 'the return to be noticed');
    await comesToKnow(second, 'day:characters', 16);
    expect(first.used('day:characters')).toBe(16);
    expect(told.filter((line) => line.startsWith('first'))).toEqual(['first: away', 'first: back']);
  });

  it('are used as soon as a Redis is there that was missing at the start', async () => {
    await redis.pause();
    const counters = await server('late');
    counters.add('day:turns', 7);
    await eventually(() => told.includes('late: away'), 'the loss to be noticed');
    await redis.resume();
    await eventually(() => told.includes('late: back'), 'the return to be noticed');
    const other = await server('other');
    await comesToKnow(other, 'day:turns', 7);
  });
});
