import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { SharedCounters } from './shared-counters';

/** The commands fail after this time, and so does a connection that says nothing for as long. */
const ANSWER_TIMEOUT_MS = 1_000;
const RECONNECT_STEP_MS = 50;
const RECONNECT_AT_MOST_MS = 1_000;
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
    const redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      // The amounts are added again by whoever was told that this failed.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: ANSWER_TIMEOUT_MS,
      commandTimeout: ANSWER_TIMEOUT_MS,
      retryStrategy: (times) => Math.min(times * RECONNECT_STEP_MS, RECONNECT_AT_MOST_MS),
      // A replica that was the primary until now: connect again, to where the primary is.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    // Each command that fails because of it says so.
    redis.on('error', () => undefined);
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
