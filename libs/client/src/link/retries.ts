/** Waits before the automatic attempts after a broken connection, further and further apart; the last one again and again. */
export const RETRY_DELAYS_MS: readonly number[] = [500, 1_500, 4_000, 8_000, 15_000];
/** Each wait is up to this part of it shorter or longer: the pages of a server that went away do not come back all at once. */
export const RETRY_JITTER = 0.25;
/** How long the page tries, from the break on: a server is restarted, a train leaves its tunnel within that. */
export const RETRY_FOR_MS = 5 * 60_000;

/**
 * When the page tries again to reach its server: after growing waits, and at once when the device is back on a network or the page is shown
 * again. The owner calls `stop`; no timer and no listener survives that.
 */
export class Retries {
  private attempts = 0;
  private sinceMs: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly online = (): void => this.retryNow();
  private readonly shown = (): void => {
    // An attempt under way is left alone; one that waits has waited for this.
    if (document.visibilityState === 'visible' && this.timer !== undefined) this.retryNow();
  };

  /** `attempt` makes a new connection, in the place of one that is still being made. `random` as `Math.random`. */
  constructor(
    private readonly attempt: () => void,
    private readonly random: () => number,
  ) {}

  /** Plans the next attempt and gives back its number, from 1; undefined when it has been tried for long enough. */
  plan(): number | undefined {
    const nowMs = performance.now();
    this.sinceMs ??= nowMs;
    const longestMs = RETRY_DELAYS_MS[RETRY_DELAYS_MS.length - 1] ?? 0;
    const delayMs = (RETRY_DELAYS_MS[this.attempts] ?? longestMs) * (1 + RETRY_JITTER * (2 * this.random() - 1));
    if (nowMs + delayMs - this.sinceMs > RETRY_FOR_MS) return undefined;
    this.attempts += 1;
    this.wait(delayMs);
    return this.attempts;
  }

  /** There is a connection, or there will be none: nothing more is tried by itself. A connection that breaks at once goes on with longer waits. */
  stop(): void {
    this.clear();
    window.removeEventListener('online', this.online);
    document.removeEventListener('visibilitychange', this.shown);
  }

  /** What was tried is forgotten: the next break begins with the shortest wait, and has all of the time. */
  forget(): void {
    this.attempts = 0;
    this.sinceMs = undefined;
  }

  private wait(delayMs: number): void {
    this.clear();
    this.timer = setTimeout(() => this.retryNow(), delayMs);
    // The same listener twice is one listener.
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
