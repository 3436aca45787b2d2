import { eventually } from '@parley/testing';
import { RedisServer } from '@parley/testing/servers';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { StartCounter } from './start-counter';

/** Milliseconds to wait, or 0 for each that was allowed. */
async function begin(counter: StartCounter, times: number, address = '192.0.2.1'): Promise<number[]> {
  const waits: number[] = [];
  for (let time = 0; time < times; time++) waits.push((await counter.begin(address)) ?? 0);
  return waits;
}
const counting = (limit: number, redisUrl?: string): StartCounter =>
  new StartCounter(testSettings({ MAX_STARTS_PER_MINUTE: String(limit), ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) }));
const refused = (waits: readonly number[]): number => waits.filter((waitMs) => waitMs > 0).length;

describe('StartCounter', () => {
  describe('in memory', () => {
    it('refuses an address that has begun as much as it may in this minute, and says when it may again', async () => {
      const waits = await begin(counting(3), 5);
      expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
      for (const waitMs of waits.slice(3)) {
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(60_000);
      }
    });

    it('counts each address for itself', async () => {
      const counter = counting(1);
      expect(refused(await begin(counter, 1))).toBe(0);
      expect(refused(await begin(counter, 1, '192.0.2.2'))).toBe(0);
    });
  });

  describe('in Redis', () => {
    let redis: RedisServer;
    let logger: RecordingLogger;
    const counters: StartCounter[] = [];
    const shared = (limit: number): StartCounter => {
      const counter = counting(limit, redis.url);
      counters.push(counter);
      return counter;
    };

    beforeEach(async () => {
      logger = RecordingLogger.install();
      redis = await RedisServer.start();
    });
    afterEach(async () => {
      for (const counter of counters.splice(0)) counter.onApplicationShutdown();
      await redis.stop();
      logger.restore();
    });

    it('enforces one limit for two servers', async () => {
      const [one, other] = [shared(6), shared(6)];
      expect(refused(await begin(one, 4))).toBe(0);
      expect(refused(await begin(other, 4))).toBe(2);
      expect(refused(await begin(one, 1))).toBe(1);
      expect(logger.faults).toEqual([]);
    });

    it('goes on with a limit for each server while Redis is away, with one warning, and counts together again when it is back', async () => {
      const [one, other] = [shared(3), shared(3)];
      await Promise.all([begin(one, 1), begin(other, 1)]);
      await redis.pause();
      expect([refused(await begin(one, 4)), refused(await begin(other, 4))]).toEqual([1, 1]);
      await eventually(() => logger.faults.length === 2, 'one warning from each server');

      await redis.resume();
      // Redis has forgotten everything, so both are allowed again as soon as they reach it.
      for (const counter of [one, other]) await reaches(counter);
      const waits = [...(await begin(one, 2, 'new')), ...(await begin(other, 2, 'new'))];
      expect(refused(waits)).toBe(1);
      expect(logger.faults).toMatchObject([{ level: 'warn' }, { level: 'warn' }]);
    });

    it('does not wait for a Redis that was never there', async () => {
      await redis.pause();
      expect(refused(await begin(shared(2), 3))).toBe(1);
      await eventually(() => logger.faults.length === 1, 'the warning');
    });
  });
});

/** Waits until the counter counts in Redis, which knows nothing, and not in memory, where the address has begun too much. */
async function reaches(counter: StartCounter): Promise<void> {
  let isReached = false;
  await eventually(() => {
    void counter.begin('192.0.2.1').then((waitMs) => (isReached ||= waitMs === undefined));
    return isReached;
  }, 'Redis to be reached again');
}
