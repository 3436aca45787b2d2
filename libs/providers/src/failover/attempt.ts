import { ProviderError } from '../ports/provider-error';
import { Watchdog } from '../shared/watchdog';

/** One try of one provider: its signal aborts with the work that it belongs to, or when its time is up. Whoever made it releases it. */
export class Attempt {
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.release();
  readonly #watchdog = new Watchdog(() => {
    this.#timedOut = new ProviderError(this.provider, 'timeout', `${this.provider} took more than its share of the time`);
    this.#controller.abort();
  });
  #timedOut: ProviderError | undefined;

  constructor(
    /** As `ProviderInfo.name` has it. */
    private readonly provider: string,
    private readonly work: AbortSignal,
  ) {
    if (work.aborted) this.#controller.abort();
    else work.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** There once its time was up: why its stream ended. */
  get timedOut(): ProviderError | undefined {
    return this.#timedOut;
  }

  /** Its time is up in `afterMs`, unless it is disarmed before; `Infinity` for never. */
  arm(afterMs: number): void {
    if (Number.isFinite(afterMs)) this.#watchdog.arm(afterMs);
    else this.#watchdog.disarm();
  }

  disarm(): void {
    this.#watchdog.disarm();
  }

  /** The same, unless it is armed already or over. */
  armOnce(afterMs: number): void {
    if (!this.#watchdog.isArmed && !this.#controller.signal.aborted) this.arm(afterMs);
  }

  /** Ends it. Idempotent. */
  release(): void {
    this.#watchdog.disarm();
    this.work.removeEventListener('abort', this.#onAbort);
    this.#controller.abort();
  }
}
