/** The timers of one conversation's turns. */
export class TurnTimers<Name extends string = string> {
  private readonly timers = new Map<Name, NodeJS.Timeout>();

  constructor(private readonly onFired: (timer: Name) => void) {}

  get count(): number {
    return this.timers.size;
  }

  /** Replaces a running timer of the same name. */
  set(timer: Name, delayMs: number): void {
    this.clear(timer);
    const fire = (): void => {
      this.timers.delete(timer);
      this.onFired(timer);
    };
    this.timers.set(timer, setTimeout(fire, Math.max(0, delayMs)));
  }

  clear(timer: Name): void {
    clearTimeout(this.timers.get(timer));
    this.timers.delete(timer);
  }

  clearAll(): void {
    for (const timer of [...this.timers.keys()]) this.clear(timer);
  }
}
