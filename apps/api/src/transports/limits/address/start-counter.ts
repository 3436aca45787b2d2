import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SharedCounter } from './shared-counter';

const WINDOW_S = 60;

/**
 * Counts what each client address begins in a minute: in Redis, if servers share one, and in memory without one or while it is away. Redis is
 * reached for when something is first begun.
 */
@Injectable()
export class StartCounter implements OnApplicationShutdown {
  private readonly local: RateLimiterMemory;
  private readonly shared: SharedCounter | undefined;

  constructor(@Inject(SETTINGS) { limits }: Pick<Settings, 'limits'>) {
    const counting = { points: limits.address.startsPerMinute, duration: WINDOW_S };
    this.local = new RateLimiterMemory({ ...counting, keyPrefix: 'starts' });
    this.shared = limits.redisUrl === undefined ? undefined : new SharedCounter({ url: limits.redisUrl, local: this.local });
  }

  /** Counts one more. Resolves with the time in ms after which the address may begin something again; undefined if it may now. Never rejects. */
  async begin(address: string): Promise<number | undefined> {
    try {
      const limiter = this.shared ? await this.shared.limiter() : this.local;
      await limiter.consume(address);
      return undefined;
    } catch (refusal) {
      // Anything else would be a failure of the counting, for which no client is refused.
      return refusal instanceof RateLimiterRes ? Math.max(1, refusal.msBeforeNext) : undefined;
    }
  }

  onApplicationShutdown(): void {
    this.shared?.close();
  }
}
