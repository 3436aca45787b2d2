/** Calls `onIdle` once when nothing has restarted it for `idleMs`. Whoever makes it stops it. */
export class IdleTimer {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly idleMs: number,
    private readonly onIdle: () => void,
  ) {
    this.restart();
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.onIdle, this.idleMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
