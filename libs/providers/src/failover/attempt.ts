import { ProviderError } from '../ports/provider-error';
import { Watchdog } from '../shared/watchdog';

/**
 * One try of one provider. Its signal aborts together with the work that it belongs to, or when its time is up. It is released by whoever
 * made it.
 */
export class Attempt {
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.release();
  readonly #watchdog = new Watchdog(() => {
    this.#timedOut = new ProviderError(this.provider, 'timeout', `${this.provider} took more than its share of the time`);
    this.#controller.abort();
  });
  #timedOut: ProviderError | undefined;

  constructor(
    /** The name of the provider, as in `ProviderInfo.name`. */
    private readonly provider: string,
    private readonly work: AbortSignal,
  ) {
    if (work.aborted) this.#controller.abort();
    else work.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The timeout error that ended the stream, once the time of the try is up. */
  get timedOut(): ProviderError | undefined {
    return this.#timedOut;
  }

  /** Ends the try in `afterMs` milliseconds unless it is disarmed before; `Infinity` stands for never. */
  arm(afterMs: number): void {
    if (Number.isFinite(afterMs)) this.#watchdog.arm(afterMs);
    else this.#watchdog.disarm();
  }

  disarm(): void {
    this.#watchdog.disarm();
  }

  /** Does the same as `arm`, unless the try is already armed or over. */
  armOnce(afterMs: number): void {
    if (!this.#watchdog.isArmed && !this.#controller.signal.aborted) this.arm(afterMs);
  }

  /** Ends the try. Idempotent. */
  release(): void {
    this.#watchdog.disarm();
    this.work.removeEventListener('abort', this.#onAbort);
    this.#controller.abort();
  }
}
