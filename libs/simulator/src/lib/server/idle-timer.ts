/** Calls `onIdle` once when it was not restarted for `idleMs`. The owner must stop it. */
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
