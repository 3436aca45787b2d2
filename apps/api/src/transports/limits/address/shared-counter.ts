import { Logger } from '@nestjs/common';
import { describeError } from '@parley/engine';
import { openRedis } from '@parley/server';
import type { Redis } from 'ioredis';
import type { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

/** A client waits for the count before its conversation begins, so a Redis that does not answer is soon passed over. */
const ANSWER_TIMEOUT_MS = 300;

export interface SharedCounterOptions {
  /** `redis://user:password@host:port/database`, or the path of a socket. */
  url: string;
  /** Counts in memory while Redis is away, with the same limit. */
  local: RateLimiterMemory;
}

/** A limiter that counts in Redis, together with other servers. While Redis is away it counts in memory, which is logged once each time. */
export class SharedCounter {
  private readonly logger = new Logger(SharedCounter.name);
  private opening: Promise<RateLimiterRedis> | undefined;
  private redis: Redis | undefined;
  private isAway = false;
  private isClosed = false;

  constructor(private readonly options: SharedCounterOptions) {}

  /** The limiter, which works whether or not Redis can be reached. */
  limiter(): Promise<RateLimiterRedis> {
    return (this.opening ??= this.open());
  }

  /** At once, also while Redis is away. */
  close(): void {
    this.isClosed = true;
    this.redis?.disconnect();
  }

  private async open(): Promise<RateLimiterRedis> {
    const [redis, { RateLimiterRedis }] = await Promise.all([
      openRedis({ url: this.options.url, answerTimeoutMs: ANSWER_TIMEOUT_MS }),
      import('rate-limiter-flexible'),
    ]);
    this.redis = redis;
    redis.on('error', (error: Error) => this.went(error));
    redis.on('ready', () => this.cameBack());
    if (this.isClosed) redis.disconnect();
    // Not being there yet is no failure: the local limiter counts, and the connection is made later.
    else await redis.connect().catch(() => undefined);
    const { local } = this.options;
    return new RateLimiterRedis({
      storeClient: redis,
      rejectIfRedisNotReady: true,
      keyPrefix: 'parley:starts',
      points: local.points,
      duration: local.duration,
      insuranceLimiter: local,
    });
  }

  private went(error: Error): void {
    if (this.isAway || this.isClosed) return;
    this.isAway = true;
    this.logger.warn({
      message: 'Redis does not answer: what addresses begin is counted by this server alone',
      error: describeError(error),
    });
  }

  private cameBack(): void {
    if (this.isAway) this.logger.log('Redis answers again: what addresses begin is counted by all servers together');
    this.isAway = false;
  }
}
