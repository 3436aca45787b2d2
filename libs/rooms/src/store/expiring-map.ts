interface Entry<V> {
  readonly value: V;
  readonly untilMs: number;
}

/** How many entries are written between two searches for those that have expired. */
const SWEEP_EVERY = 256;

/** Values that are forgotten after a time. What has expired takes up memory until some more have been written. */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #now: () => number;
  #writes = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many are in memory, expired or not. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#live(key)?.value;
  }

  values(): V[] {
    this.#sweep();
    return [...this.#entries.values()].map(({ value }) => value);
  }

  /** 0 for what is not there. */
  remainingMs(key: string): number {
    const entry = this.#live(key);
    return entry ? entry.untilMs - this.#now() : 0;
  }

  set(key: string, value: V, forMs: number): void {
    this.#entries.set(key, { value, untilMs: this.#now() + forMs });
    if (++this.#writes % SWEEP_EVERY === 0) this.#sweep();
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #live(key: string): Entry<V> | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.untilMs > this.#now() ? entry : undefined;
  }

  #sweep(): void {
    const nowMs = this.#now();
    for (const [key, { untilMs }] of this.#entries) if (untilMs <= nowMs) this.#entries.delete(key);
  }
}
