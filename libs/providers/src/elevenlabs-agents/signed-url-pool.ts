import { ProviderError } from '../ports/provider-error';
import type { WarmSessions } from '../ports/voice-agent';
import type { ProviderLogger } from '../ports/provider-logger';
import { reconnectDelayMs } from '../socket/reconnect-delay';
import { Watchdog } from '../shared/watchdog';

export interface SignedUrlPoolOptions {
  /** Number of addresses to keep ready; 0 keeps none. */
  size: number;
  /** Age in milliseconds at which an address is discarded. It must be shorter than the time for which the vendor accepts it. */
  maxAgeMs: number;
  fetch: (signal: AbortSignal) => Promise<string>;
  random: () => number;
  logger: ProviderLogger;
}

interface SignedUrl {
  url: string;
  expiresAtMs: number;
}

/** An address for one conversation. `wasReady` is true if it was signed in advance, so that it may be refused because of its age. */
export interface TakenUrl {
  url: string;
  wasReady: boolean;
}

/**
 * Keeps addresses that were signed before the conversations that will use them. Each address serves one conversation. The pool is closed by
 * its owner.
 */
export class SignedUrlPool {
  readonly #closing = new AbortController();
  /** Sorted by age, oldest first. */
  readonly #ready: SignedUrl[] = [];
  readonly #expiry = new Watchdog(() => this.#refill());
  readonly #retry = new Watchdog(() => this.#refill());
  #isStarted = false;
  #isFilling = false;
  #failures = 0;
  #hits = 0;
  #misses = 0;

  constructor(private readonly options: SignedUrlPoolOptions) {}

  get counts(): WarmSessions {
    this.#dropExpired();
    return { ready: this.#ready.length, hits: this.#hits, misses: this.#misses };
  }

  /** Starts to sign addresses in advance. Idempotent. */
  start(): void {
    this.#isStarted = true;
    this.#refill();
  }

  /** Returns an address that is ready, or signs a new one. Rejects with `ProviderError`. */
  async take(signal: AbortSignal): Promise<TakenUrl> {
    this.#dropExpired();
    const ready = this.#ready.shift();
    if (ready) this.#hits += 1;
    else this.#misses += 1;
    this.#refill();
    return ready ? { url: ready.url, wasReady: true } : { url: await this.options.fetch(signal), wasReady: false };
  }

  /** Discards the addresses that are ready and stops signing. Idempotent. */
  close(): void {
    this.#closing.abort();
    this.#expiry.disarm();
    this.#retry.disarm();
    this.#ready.length = 0;
  }

  #refill(): void {
    this.#dropExpired();
    if (!this.#isStarted || this.#isFilling || this.#closing.signal.aborted || this.#ready.length >= this.options.size) return;
    this.#retry.disarm();
    this.#isFilling = true;
    void this.#fill();
  }

  /** Signs one address after the other, because nobody waits for them and the rate limits of the account are needed for conversations. */
  async #fill(): Promise<void> {
    const { signal } = this.#closing;
    try {
      while (this.#ready.length < this.options.size) {
        const url = await this.options.fetch(signal);
        if (signal.aborted) return;
        this.#failures = 0;
        this.#ready.push({ url, expiresAtMs: performance.now() + this.options.maxAgeMs });
      }
      this.#awaitExpiry();
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    } finally {
      this.#isFilling = false;
    }
  }

  /** A failure that cannot be retried is not retried here, but only when a conversation needs an address. */
  #failed(error: unknown): void {
    const code = error instanceof ProviderError ? error.code : 'unknown';
    this.options.logger.warn('no session could be prepared ahead', { code });
    if (!(error instanceof ProviderError) || !error.retryable) return;
    this.#retry.arm(Math.max(reconnectDelayMs(this.#failures++, this.options.random), error.retryAfterMs ?? 0));
  }

  #dropExpired(): void {
    while (this.#ready[0] && this.#ready[0].expiresAtMs <= performance.now()) this.#ready.shift();
  }

  #awaitExpiry(): void {
    const [oldest] = this.#ready;
    if (oldest) this.#expiry.arm(Math.max(1, oldest.expiresAtMs - performance.now()));
  }
}
