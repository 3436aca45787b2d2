/** The waits before the automatic attempts after a broken connection. They grow, and the last one is repeated. */
export const RETRY_DELAYS_MS: readonly number[] = [500, 1_500, 4_000, 8_000, 15_000];
/** Each wait is shorter or longer by up to this fraction, so that not all pages connect at once when a server is back. */
export const RETRY_JITTER = 0.25;
/** How long the page tries, counted from the break. A restart of the server, or a train in a tunnel, takes less. */
export const RETRY_FOR_MS = 5 * 60_000;

/**
 * Decides when the page tries again to reach its server: after growing waits, and at once when the device is online again or the page is
 * shown again. The owner calls `stop`, which releases the timer and all listeners.
 */
export class Retries {
  private attempts = 0;
  private sinceMs: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly online = (): void => this.retryNow();
  private readonly shown = (): void => {
    // Only a waiting attempt is made at once. One that is already running is not disturbed.
    if (document.visibilityState === 'visible' && this.timer !== undefined) this.retryNow();
  };

  /** `attempt` makes a new connection, in place of one that is still being made. `random` is like `Math.random`. */
  constructor(
    private readonly attempt: () => void,
    private readonly random: () => number,
  ) {}

  /**
   * Schedules the next attempt, not before `atLeastMs`, and returns its number, from 1, or undefined if it was tried for long enough. All pages that
   * were told the same time do not come at once.
   */
  plan(atLeastMs = 0): number | undefined {
    const nowMs = performance.now();
    this.sinceMs ??= nowMs;
    const longestMs = RETRY_DELAYS_MS[RETRY_DELAYS_MS.length - 1] ?? 0;
    const random = this.random();
    const usualMs = (RETRY_DELAYS_MS[this.attempts] ?? longestMs) * (1 + RETRY_JITTER * (2 * random - 1));
    const delayMs = Math.max(usualMs, atLeastMs * (1 + RETRY_JITTER * random));
    if (nowMs + delayMs - this.sinceMs > RETRY_FOR_MS) return undefined;
    this.attempts += 1;
    this.wait(delayMs);
    return this.attempts;
  }

  /** Stops trying, because there is a connection or there will be none. The waits continue to grow if the connection breaks at once. */
  stop(): void {
    this.clear();
    window.removeEventListener('online', this.online);
    document.removeEventListener('visibilitychange', this.shown);
  }

  /** Starts again with the shortest wait and the full time at the next break. */
  forget(): void {
    this.attempts = 0;
    this.sinceMs = undefined;
  }

  private wait(delayMs: number): void {
    this.clear();
    this.timer = setTimeout(() => this.retryNow(), delayMs);
    // Adding the same listener twice has no effect.
    window.addEventListener('online', this.online);
    document.addEventListener('visibilitychange', this.shown);
  }

  private retryNow(): void {
    this.clear();
    this.attempt();
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
