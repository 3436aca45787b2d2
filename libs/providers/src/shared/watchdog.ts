/** A timer that can be armed again and again. Its owner disarms it on every way out. Once it has expired it is disarmed. */
export class Watchdog {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onExpired: () => void) {}

  get isArmed(): boolean {
    return this.#timer !== undefined;
  }

  /** Expires after `afterMs` milliseconds from now, instead of any time that was set before. */
  arm(afterMs: number): void {
    this.disarm();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.onExpired();
    }, afterMs);
  }

  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
