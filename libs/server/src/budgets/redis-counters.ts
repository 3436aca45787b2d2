import type { Redis } from 'ioredis';
import type { RateLimiterRedis } from 'rate-limiter-flexible';
import { openRedis } from '../redis';
import type { SharedCounters } from './shared-counters';

const ANSWER_TIMEOUT_MS = 1_000;
/** The names hold the day, so a counter may go some time after its day is over. */
const KEPT_S = 2 * 24 * 3_600;

/** Counters in Redis, which expire by themselves. */
export class RedisCounters implements SharedCounters {
  private constructor(
    private readonly redis: Redis,
    private readonly counters: RateLimiterRedis,
  ) {}

  /**
   * `url`: `redis://user:password@host:port/database`, or the path of a socket. Waits for the first connection, but not if there is none:
   * it is made as soon as Redis is there.
   */
  static async open(url: string): Promise<RedisCounters> {
    const [redis, { RateLimiterRedis }] = await Promise.all([
      openRedis({ url, answerTimeoutMs: ANSWER_TIMEOUT_MS }),
      import('rate-limiter-flexible'),
    ]);
    await redis.connect().catch(() => undefined);
    const limits = { points: Number.MAX_SAFE_INTEGER, duration: KEPT_S };
    const counters = new RateLimiterRedis({ storeClient: redis, keyPrefix: 'parley:budget', rejectIfRedisNotReady: true, ...limits });
    return new RedisCounters(redis, counters);
  }

  async add(name: string, amount: number): Promise<number> {
    const { consumedPoints } = await this.counters.penalty(name, amount);
    return consumedPoints;
  }

  close(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }
}
