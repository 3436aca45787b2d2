/** Sends pings at a fixed interval and measures the round trip of the pongs. The owner must stop it. */
export class Heartbeat {
  readonly #sentAtMs = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #roundTripMs: number | null = null;

  constructor(
    everyMs: number,
    /** `onTimeout` is called when a ping stays unanswered for this long; Infinity: never. */
    private readonly timeoutMs: number,
    /** Sends a ping with the last round trip, null before the first; returns the ping's event id. */
    private readonly sendPing: (roundTripMs: number | null) => number,
    private readonly onTimeout: () => void,
  ) {
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#tick();
  }

  /** True when it answers a ping that was sent. */
  onPong(eventId: number): boolean {
    const sentAtMs = this.#sentAtMs.get(eventId);
    if (sentAtMs === undefined) return false;
    this.#sentAtMs.delete(eventId);
    this.#roundTripMs = Math.max(0, Math.round(performance.now() - sentAtMs));
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const nowMs = performance.now();
    const [oldestAtMs = nowMs] = this.#sentAtMs.values();
    if (nowMs - oldestAtMs > this.timeoutMs) {
      this.stop();
      this.onTimeout();
      return;
    }
    // Without a time-out, the pings of a client that never answers must not pile up.
    if (this.timeoutMs === Infinity && this.#sentAtMs.size > 10) this.#sentAtMs.clear();
    this.#sentAtMs.set(this.sendPing(this.#roundTripMs), nowMs);
  }
}
