interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

export interface AsyncQueueOptions {
  /** Most items held for a slow consumer; `push` refuses more. */
  capacity?: number;
  /** Called once when the consumer leaves its loop before the queue ended. */
  onLeave?: () => void;
}

/**
 * Turns pushes into an `AsyncIterable` for one consumer. The producer owns it and ends it (`end`, `fail` or `discard`; the first one counts);
 * a consumer that leaves its loop ends it too. Nothing rejects unless the consumer is waiting, so a queue nobody reads cannot cause an
 * unhandled rejection.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #items: { value: T }[] = [];
  readonly #waiters: Waiter<T>[] = [];
  readonly #capacity: number;
  readonly #onLeave: (() => void) | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #taken = false;

  constructor(options: AsyncQueueOptions = {}) {
    this.#capacity = options.capacity ?? Number.POSITIVE_INFINITY;
    this.#onLeave = options.onLeave;
  }

  /** Items pushed and not yet consumed. */
  get size(): number {
    return this.#items.length;
  }

  /** True after `end`, `fail`, `discard`, or the consumer left. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** False when the item was refused: the queue is full or has ended. */
  push(item: T): boolean {
    if (this.#ended) return false;
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.resolve({ value: item, done: false });
      return true;
    }
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push({ value: item });
    return true;
  }

  /** As `push`, in place of the item pushed before if nobody has taken that yet. */
  replaceLast(item: T): boolean {
    if (!this.#ended) this.#items.pop();
    return this.push(item);
  }

  /** No more items; those already pushed are still delivered. Idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ value: undefined, done: true });
  }

  /** Ends with an error, thrown after the items already pushed. No effect once ended. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const [first, ...others] = this.#waiters.splice(0);
    if (!first) this.#failure = { error };
    else first.reject(error);
    for (const waiter of others) waiter.resolve({ value: undefined, done: true });
  }

  /** Ends at once and drops what was not consumed, a pending failure included. Idempotent. */
  discard(): void {
    this.#items.length = 0;
    this.#failure = undefined;
    this.end();
  }

  /** May be called once: a queue has one consumer. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    if (this.#taken) throw new Error('an AsyncQueue has one consumer');
    this.#taken = true;
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#items.shift();
    if (item) return Promise.resolve({ value: item.value, done: false });
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  #leave(): Promise<IteratorResult<T, undefined>> {
    const early = !this.#ended;
    this.discard();
    if (early) this.#onLeave?.();
    return Promise.resolve({ value: undefined, done: true });
  }
}
