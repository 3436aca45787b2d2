interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

export interface AsyncQueueOptions {
  /** The maximum number of items that are held for a slow consumer; `push` refuses more. */
  capacity?: number;
  /** Called once if the consumer leaves its loop before the queue has ended. */
  onLeave?: () => void;
}

/**
 * Turns pushed items into an `AsyncIterable` for one consumer. The producer owns the queue and ends it (`end`, `fail` or `discard`; the
 * first one counts). A consumer that leaves its loop ends it too. A failure is thrown only to a consumer that is waiting, so a queue that
 * nobody reads cannot cause an unhandled rejection.
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

  /** The number of items that were pushed but not yet consumed. */
  get size(): number {
    return this.#items.length;
  }

  /** True after `end`, `fail` or `discard`, or after the consumer has left. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** Adds an item. Returns false if it was refused because the queue is full or has ended. */
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

  /** Like `push`, but replaces the last item if nobody has consumed it yet. */
  replaceLast(item: T): boolean {
    if (!this.#ended) this.#items.pop();
    return this.push(item);
  }

  /** Ends the queue. Items that were already pushed are still delivered. Idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ value: undefined, done: true });
  }

  /** Ends the queue with an error, which is thrown after the items that were already pushed. Has no effect once the queue has ended. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const [first, ...others] = this.#waiters.splice(0);
    if (!first) this.#failure = { error };
    else first.reject(error);
    for (const waiter of others) waiter.resolve({ value: undefined, done: true });
  }

  /** Ends the queue at once and drops everything that was not consumed, including a failure. Idempotent. */
  discard(): void {
    this.#items.length = 0;
    this.#failure = undefined;
    this.end();
  }

  /** May be called only once, because a queue has one consumer. */
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
