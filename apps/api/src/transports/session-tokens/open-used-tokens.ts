import { type Logger } from '@nestjs/common';
import { describeError } from '@parley/engine';
import { FallbackUsedTokens } from './fallback-used-tokens';
import { MemoryUsedTokens } from './memory-used-tokens';
import { RedisUsedTokens } from './redis-used-tokens';
import type { UsedTokens } from './used-tokens';

const TELL_AGAIN_AFTER_MS = 60_000;

/** The used tokens of this server, or of all servers of a Redis. Its failures are told now and then. */
export async function openUsedTokens(redisUrl: string | undefined, logger: Pick<Logger, 'warn'>): Promise<UsedTokens> {
  if (redisUrl === undefined) return new MemoryUsedTokens();
  let silentUntilMs = 0;
  return new FallbackUsedTokens(await RedisUsedTokens.open({ url: redisUrl }), new MemoryUsedTokens(), (error) => {
    if (performance.now() < silentUntilMs) return;
    silentUntilMs = performance.now() + TELL_AGAIN_AFTER_MS;
    logger.warn({
      message: 'Redis does not answer: whether a session token was used is known to each server only',
      error: describeError(error),
    });
  });
}
