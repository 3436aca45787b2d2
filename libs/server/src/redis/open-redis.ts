import type { Redis } from 'ioredis';

export interface RedisConnectionOptions {
  /** `redis://user:password@host:port/database`, or the path of a socket. */
  url: string;
  /** A command that is not answered within this time, in ms, fails. */
  answerTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 1_000;
const RECONNECT_STEP_MS = 50;
const RECONNECT_AT_MOST_MS = 1_000;

/**
 * A connection for what a server can go on without: a command fails soon while Redis is away, and is never sent again later, because whoever was told
 * that it failed has gone on by itself. Not connected yet; from `connect()` on, the connection is made again whenever it is lost. What fails is seen by
 * the commands. Only servers with a Redis load its client.
 */
export async function openRedis({ url, answerTimeoutMs }: RedisConnectionOptions): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: answerTimeoutMs,
    retryStrategy: (times) => Math.min(times * RECONNECT_STEP_MS, RECONNECT_AT_MOST_MS),
    // A replica that was the primary until now: connect again, to where the primary is.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  redis.on('error', () => undefined);
  return redis;
}
