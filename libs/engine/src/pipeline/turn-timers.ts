import type { TimerName } from '@parley/conversation';

/** The turn engine's timers of one session. */
export class TurnTimers {
  private readonly timers = new Map<TimerName, NodeJS.Timeout>();

  constructor(private readonly onFired: (timer: TimerName) => void) {}

  get count(): number {
    return this.timers.size;
  }

  /** Replaces a running timer of the same name. */
  set(timer: TimerName, delayMs: number): void {
    this.clear(timer);
    const fire = (): void => {
      this.timers.delete(timer);
      this.onFired(timer);
    };
    this.timers.set(timer, setTimeout(fire, Math.max(0, delayMs)));
  }

  clear(timer: TimerName): void {
    clearTimeout(this.timers.get(timer));
    this.timers.delete(timer);
  }

  clearAll(): void {
    for (const timer of [...this.timers.keys()]) this.clear(timer);
  }
}
