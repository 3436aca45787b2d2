import { openRedis } from '@parley/server';
import type { Redis } from 'ioredis';
import type { UsedTokens } from './used-tokens';

export interface RedisUsedTokensOptions {
  /** `redis://user:password@host:port/database`, or the path of a socket. */
  url: string;
  /** Before the names of all keys. Default: `parley:used-tokens`. */
  prefix?: string;
}

/** A client waits for its connection meanwhile. */
const ANSWER_TIMEOUT_MS = 500;

/** The used tokens that several servers share, in one Redis. The connection is made, and made again, by itself. */
export class RedisUsedTokens implements UsedTokens {
  private constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Does not wait for Redis: until it answers, `use` rejects. */
  static async open({ url, prefix = 'parley:used-tokens' }: RedisUsedTokensOptions): Promise<RedisUsedTokens> {
    const redis = await openRedis({ url, answerTimeoutMs: ANSWER_TIMEOUT_MS });
    void redis.connect().catch(() => undefined);
    return new RedisUsedTokens(redis, prefix);
  }

  async use(id: string, untilMs: number): Promise<boolean> {
    // One more than the rest of its life, because Redis counts whole milliseconds and takes none of zero.
    const lifeMs = Math.max(0, Math.ceil(untilMs - Date.now())) + 1;
    return (await this.redis.set(`${this.prefix}:${id}`, '1', 'PX', lifeMs, 'NX')) === 'OK';
  }

  close(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }
}
