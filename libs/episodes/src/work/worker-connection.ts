import type { Redis, RedisOptions } from 'ioredis';

/** A worker's connection to Redis, and those that BullMQ makes of it to wait for jobs, so that all of them can be ended. */
export interface WorkerConnection {
  readonly redis: Redis;
  /** At once, also while Redis is away. */
  endAll(): void;
}

/** `Connection` is the class of the client library, which is loaded only by servers that have a Redis. */
export function workerConnection(Connection: typeof Redis, url: string): WorkerConnection {
  const all: Redis[] = [];
  class KnownConnection extends Connection {
    override duplicate(changes?: Partial<RedisOptions>): Redis {
      const copy = super.duplicate(changes);
      all.push(copy);
      return copy;
    }
  }
  // As BullMQ demands of a worker's connection.
  const redis = new KnownConnection(url, { maxRetriesPerRequest: null, lazyConnect: true });
  all.push(redis);
  return { redis, endAll: () => all.forEach((connection) => connection.disconnect()) };
}
