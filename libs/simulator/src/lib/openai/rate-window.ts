const WINDOW_MS = 60_000;

/** What is left of a key's request limit in the current minute. */
export interface RateState {
  allowed: boolean;
  remaining: number;
  resetMs: number;
}

/** Counts requests per key and minute. */
export class RateWindow {
  readonly #used = new Map<string, { sinceMs: number; count: number }>();

  constructor(
    readonly limit: number,
    private readonly nowMs: () => number,
  ) {}

  /** Counts a request of this key. */
  take(key: string): RateState {
    const nowMs = this.nowMs();
    let window = this.#used.get(key);
    if (!window || nowMs - window.sinceMs >= WINDOW_MS) {
      window = { sinceMs: nowMs, count: 0 };
      this.#used.set(key, window);
    }
    window.count += 1;
    return {
      allowed: window.count <= this.limit,
      remaining: Math.max(0, this.limit - window.count),
      resetMs: window.sinceMs + WINDOW_MS - nowMs,
    };
  }
}

/** A duration in the format of the vendor's rate headers: `120ms`, `1s`, `6m0s`. */
export function goDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)}ms`;
  const totalSeconds = Math.round(durationMs / 1000);
  const minutes = Math.floor(totalSeconds / 60);
  return minutes === 0 ? `${totalSeconds}s` : `${minutes}m${totalSeconds % 60}s`;
}
