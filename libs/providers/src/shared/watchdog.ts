/** A timer that is armed again and again. Its owner disarms it on every way out; once expired it is disarmed. */
export class Watchdog {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onExpired: () => void) {}

  get isArmed(): boolean {
    return this.#timer !== undefined;
  }

  /** Expires `afterMs` from now, in place of whatever was armed before. */
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
