import type { ProviderError } from '../ports/provider-error';
import { UsageRefused } from '../ports/usage-meter';
import type { FailoverOptions, FailoverProvider } from './failover-options';

const STAGE_TIMEOUT_MS = 12_000;
/** The longest time to wait, in milliseconds, if a vendor asks us to wait. A listener should not wait longer. */
const LONGEST_WAIT_MS = 300;

/**
 * Decides which provider is asked next in one piece of work. Each provider is tried once, and a second time if that may help; then the next
 * one is tried. The remaining time is divided equally among the providers that have not been tried yet, so that one that does not answer
 * leaves enough time to the others. The clock measures the time that a listener waits: it starts with `restartClock`, which is called for
 * every result of the work.
 */
export class AttemptPlan<Port> {
  readonly #order: FailoverProvider<Port>[];
  readonly #failures = new Map<FailoverProvider<Port>, ProviderError>();
  readonly #now: () => number;
  #index = 0;
  #isRetry = false;
  #clockMs: number | undefined;
  #takenUpMs: number;

  constructor(private readonly options: FailoverOptions<Port>) {
    this.#order = options.health.inOrder(options.providers);
    this.#now = options.now ?? (() => performance.now());
    this.#takenUpMs = this.#now();
  }

  /** The provider that is asked now. */
  get current(): FailoverProvider<Port> {
    return this.#order[this.#index] ?? this.options.providers[0];
  }

  /** How many milliseconds the current try may take without a result; `Infinity` while the clock is stopped. */
  get allowanceMs(): number {
    const { endsAtMs } = this.#share();
    return Math.max(0, endsAtMs - this.#now());
  }

  /** The failure to report when no provider is left: that of the provider that comes first in the configuration. */
  get failure(): ProviderError | undefined {
    return this.options.providers.map((provider) => this.#failures.get(provider)).find((error) => error !== undefined);
  }

  /** Starts the clock, or starts it again, because a listener begins to wait. */
  restartClock(): void {
    this.#clockMs = this.#now();
  }

  /** Records that the current provider has done its work. */
  succeeded(): void {
    this.options.health.worked(this.current);
  }

  /**
   * Records that the current try has failed. Returns the waiting time in milliseconds before the next try, which is made with `current`, or
   * undefined if no provider is left. `mayRetry` tells whether the same provider may be tried again; by default the error decides.
   */
  failed(error: ProviderError, mayRetry: boolean = error.retryable): number | undefined {
    const from = this.current;
    this.#failures.set(from, error);
    // The provider was not asked, so it has not failed; and another one would be refused as well.
    if (error instanceof UsageRefused) return undefined;
    const waitMs = mayRetry && !this.#isRetry ? this.#waitBeforeRetry(error) : undefined;
    this.options.onFailure?.({ provider: from.name, code: error.code, isRetried: waitMs !== undefined });
    if (waitMs !== undefined) {
      this.#isRetry = true;
      return waitMs;
    }
    this.options.health.gaveUp(from, error);
    if (this.#isLast) return undefined;
    this.#index += 1;
    this.#isRetry = false;
    this.#takenUpMs = this.#now();
    this.options.onSwitch?.({ from: from.name, to: this.current.name, code: error.code });
    return 0;
  }

  get #isLast(): boolean {
    return this.#index + 1 >= this.#order.length;
  }

  /**
   * Returns the waiting time before a second try of the same provider, or undefined if a second try is not worthwhile. At least half of the
   * time of the provider must be left.
   */
  #waitBeforeRetry({ code, retryAfterMs }: ProviderError): number | undefined {
    const { totalMs, endsAtMs } = this.#share();
    if (endsAtMs - this.#now() < totalMs / 2) return undefined;
    if (code !== 'rate_limited') return 0;
    if (retryAfterMs !== undefined) return retryAfterMs <= LONGEST_WAIT_MS ? retryAfterMs : undefined;
    // If the length of the rate limit is unknown, another provider is the better choice.
    return this.#isLast ? LONGEST_WAIT_MS : undefined;
  }

  #share(): { totalMs: number; endsAtMs: number } {
    if (this.#clockMs === undefined) return { totalMs: 0, endsAtMs: Infinity };
    const { stageTimeoutMs = STAGE_TIMEOUT_MS } = this.options;
    const fromMs = Math.max(this.#clockMs, this.#takenUpMs);
    const totalMs = (this.#clockMs + stageTimeoutMs - fromMs) / (this.#order.length - this.#index);
    return { totalMs, endsAtMs: fromMs + totalMs };
  }
}
