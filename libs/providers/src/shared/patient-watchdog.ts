import { Watchdog } from './watchdog';

/**
 * A watchdog that also limits all of its waiting together, for vendors that always send something before it expires: a byte a second would
 * otherwise be waited for without end. The time in which it is not armed does not count. Its owner disarms it on every way out.
 */
export class PatientWatchdog {
  readonly #watchdog: Watchdog;
  #armedAtMs: number | undefined;

  /** `patienceMs`: how long may be waited altogether, in milliseconds. */
  constructor(
    onExpired: () => void,
    private patienceMs: number,
  ) {
    this.#watchdog = new Watchdog(onExpired);
  }

  get isArmed(): boolean {
    return this.#watchdog.isArmed;
  }

  /** Something of value has come: that much more time, in milliseconds, may be waited altogether. */
  grant(durationMs: number): void {
    this.patienceMs += durationMs;
  }

  /** Expires after `afterMs` milliseconds from now, or earlier, when all of the patience is used up. */
  arm(afterMs: number): void {
    this.disarm();
    this.#armedAtMs = performance.now();
    this.#watchdog.arm(Math.max(0, Math.min(afterMs, this.patienceMs)));
  }

  disarm(): void {
    this.#watchdog.disarm();
    if (this.#armedAtMs !== undefined) this.patienceMs -= performance.now() - this.#armedAtMs;
    this.#armedAtMs = undefined;
  }
}
