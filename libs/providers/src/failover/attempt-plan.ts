import type { ProviderError } from '../ports/provider-error';
import type { FailoverOptions, FailoverProvider } from './failover-options';

const STAGE_TIMEOUT_MS = 12_000;
/** A vendor's wish to be left alone for a moment is granted up to this; a listener does not wait longer. */
const LONGEST_WAIT_MS = 300;

/**
 * Who is asked next in one piece of work: each provider once and, where that may help, a second time; then the next one. The time that is
 * left is shared evenly by the providers that have not been asked yet, so that one that hangs leaves enough to those after it. The clock
 * runs from `restartClock`, which every result of the work calls: it is the time that a listener waits.
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

  /** Who is asked now. */
  get current(): FailoverProvider<Port> {
    return this.#order[this.#index] ?? this.options.providers[0];
  }

  /** How long the current try may go without a result; `Infinity` while the clock stands still. */
  get allowanceMs(): number {
    const { endsAtMs } = this.#share();
    return Math.max(0, endsAtMs - this.#now());
  }

  /** What to tell when nobody is left: the failure of the provider that stands first in the configuration. */
  get failure(): ProviderError | undefined {
    return this.options.providers.map((provider) => this.#failures.get(provider)).find((error) => error !== undefined);
  }

  /** A listener's wait begins, or begins anew. */
  restartClock(): void {
    this.#clockMs = this.#now();
  }

  /** The current provider has done its work. */
  succeeded(): void {
    this.options.health.worked(this.current);
  }

  /**
   * The current try has failed. Returns after how many milliseconds the next one is due, at `current`; undefined when nobody is left.
   * `mayRetry`: whether the same provider may mend it; by default what the error says.
   */
  failed(error: ProviderError, mayRetry: boolean = error.retryable): number | undefined {
    const from = this.current;
    this.#failures.set(from, error);
    const waitMs = mayRetry && !this.#isRetry ? this.#waitBeforeRetry(error) : undefined;
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

  /** Undefined where a second try is not worth its time: at least half of the provider's time must be left. */
  #waitBeforeRetry({ code, retryAfterMs }: ProviderError): number | undefined {
    const { totalMs, endsAtMs } = this.#share();
    if (endsAtMs - this.#now() < totalMs / 2) return undefined;
    if (code !== 'rate_limited') return 0;
    if (retryAfterMs !== undefined) return retryAfterMs <= LONGEST_WAIT_MS ? retryAfterMs : undefined;
    // Without a word of how long, somebody else is the better bet.
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
