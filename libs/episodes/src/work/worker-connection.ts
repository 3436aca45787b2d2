import { Redis, type RedisOptions } from 'ioredis';

/** A worker's connection to Redis, and those that BullMQ makes of it to wait for jobs, so that all of them can be ended. */
export class WorkerConnection extends Redis {
  readonly #copies: Redis[] = [];

  override duplicate(options?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(options);
    this.#copies.push(copy);
    return copy;
  }

  /** At once, also while Redis is away. */
  endAll(): void {
    for (const connection of [...this.#copies, this]) connection.disconnect();
  }
}
