import type { SharedCounters } from './shared-counters';

export interface DayCountersOptions {
  /** The counters of all servers; undefined if this server counts alone. */
  shared?: SharedCounters | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Told once when the shared counters cannot be reached any more, and once when they can again. */
  onAway?: (error: unknown) => void;
  onBack?: () => void;
}

export const DAY_MS = 24 * 3_600_000;
/** How long what was counted here may wait until the other servers know it. */
const SEND_AFTER_MS = 100;
const TRY_AGAIN_AFTER_MS = 1_000;
/** More names of one day than this are not kept: the oldest is forgotten, and starts from the shared counter if there is one. */
const MOST_NAMES = 200_000;

interface Counter {
  /** With the day. */
  name: string;
  /** The total of all servers when it was last heard of. */
  known: number;
  /** What was counted here and has not been sent. */
  unsent: number;
  /** What is being sent. */
  sent: number;
  sending: Promise<void> | undefined;
}

/**
 * Counters that start anew on each day of UTC. They answer at once from what this server knows, and are added up with those of other servers
 * in the background. While the shared counters are away, this server goes on from their last totals and keeps what it counts; nothing of it
 * is lost. If they come back empty, they are filled again.
 */
export class DayCounters {
  #counters = new Map<string, Counter>();
  #day: number;
  readonly #unsent = new Set<Counter>();
  #timer: NodeJS.Timeout | undefined;
  #isAway = false;
  #isClosed = false;

  constructor(private readonly options: DayCountersOptions) {
    this.#day = this.#today();
  }

  /** How long the day lasts, in ms. */
  get leftOfDayMs(): number {
    return DAY_MS - (this.options.now() % DAY_MS);
  }

  used(name: string): number {
    this.#startDay();
    const counter = this.#counters.get(name);
    return counter === undefined ? 0 : counter.known + counter.unsent + counter.sent;
  }

  add(name: string, amount: number): void {
    const counter = this.#counterOf(name);
    counter.unsent += amount;
    if (this.options.shared) this.#sendLater(counter);
  }

  /** Asks for the totals of all servers, unless they are away. Never rejects. */
  async refresh(names: readonly string[]): Promise<void> {
    const { shared } = this.options;
    if (!shared || this.#isAway) return;
    await Promise.all(names.map((name) => this.#send(this.#counterOf(name), shared)));
  }

  /** Sends what is left. Nothing may be counted afterwards. */
  async close(): Promise<void> {
    const { shared } = this.options;
    clearTimeout(this.#timer);
    this.#isClosed = true;
    if (!shared) return;
    await Promise.all([...this.#unsent].map((counter) => this.#send(counter, shared)));
    await shared.close();
  }

  #today(): number {
    return Math.floor(this.options.now() / DAY_MS);
  }

  #startDay(): void {
    const today = this.#today();
    if (today === this.#day) return;
    this.#day = today;
    this.#counters = new Map();
  }

  #counterOf(name: string): Counter {
    this.#startDay();
    const known = this.#counters.get(name);
    if (known) return known;
    const [oldest] = this.#counters.keys();
    if (oldest !== undefined && this.#counters.size >= MOST_NAMES) this.#counters.delete(oldest);
    const date = new Date(this.#day * DAY_MS).toISOString().slice(0, 10);
    const counter: Counter = { name: `${date}:${name}`, known: 0, unsent: 0, sent: 0, sending: undefined };
    this.#counters.set(name, counter);
    return counter;
  }

  #sendLater(counter: Counter): void {
    this.#unsent.add(counter);
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => this.#sendAll(), this.#isAway ? TRY_AGAIN_AFTER_MS : SEND_AFTER_MS).unref();
  }

  #sendAll(): void {
    this.#timer = undefined;
    const { shared } = this.options;
    if (shared) for (const counter of [...this.#unsent]) void this.#send(counter, shared);
  }

  /** One at a time for each counter. */
  #send(counter: Counter, shared: SharedCounters): Promise<void> {
    counter.sending ??= this.#sendNow(counter, shared).finally(() => {
      counter.sending = undefined;
      if (counter.unsent > 0) this.#sendLater(counter);
    });
    return counter.sending;
  }

  async #sendNow(counter: Counter, shared: SharedCounters): Promise<void> {
    this.#unsent.delete(counter);
    counter.sent = counter.unsent;
    counter.unsent = 0;
    try {
      const total = await shared.add(counter.name, counter.sent);
      const forgotten = Math.max(0, counter.known + counter.sent - total);
      counter.known = total;
      counter.unsent += forgotten;
      if (this.#isAway) this.options.onBack?.();
      this.#isAway = false;
    } catch (error) {
      counter.unsent += counter.sent;
      if (!this.#isAway) this.options.onAway?.(error);
      this.#isAway = true;
      // Also if there is nothing to send: that is how it is noticed that they are back.
      this.#sendLater(counter);
    } finally {
      counter.sent = 0;
    }
  }
}
