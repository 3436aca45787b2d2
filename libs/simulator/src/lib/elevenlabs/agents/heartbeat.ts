/** Asks the client at a steady pace whether it is there, and measures how long its answers take. Whoever makes it stops it. */
export class Heartbeat {
  readonly #sentAtMs = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #roundTripMs: number | null = null;

  constructor(
    everyMs: number,
    /** A ping that is not answered for so long is the end; Infinity: never. */
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
    // A client that never answers is not remembered for ever, unless it is to be caught.
    if (this.timeoutMs === Infinity && this.#sentAtMs.size > 10) this.#sentAtMs.clear();
    this.#sentAtMs.set(this.sendPing(this.#roundTripMs), nowMs);
  }
}
