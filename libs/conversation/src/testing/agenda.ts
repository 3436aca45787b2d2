import type { TimerName, UntimedTurnEvent } from '../turns/turn-event';

export interface Entry {
  atMs: number;
  happening: UntimedTurnEvent;
}

/** What will happen on a virtual clock, and when: the engine’s timers and the results of the simulated stages. */
export class Agenda {
  private entries: Entry[] = [];
  private readonly timers = new Map<TimerName, number>();

  add(atMs: number, happening: UntimedTurnEvent): void {
    const after = this.entries.findIndex((entry) => entry.atMs > atMs);
    this.entries.splice(after < 0 ? this.entries.length : after, 0, { atMs, happening });
  }

  /** Removes and returns all results that `match`. */
  take(match: (happening: UntimedTurnEvent) => boolean): Entry[] {
    const taken = this.entries.filter(({ happening }) => match(happening));
    this.entries = this.entries.filter(({ happening }) => !match(happening));
    return taken;
  }

  setTimer(timer: TimerName, atMs: number): void {
    this.timers.set(timer, atMs);
  }

  clearTimer(timer: TimerName): void {
    this.timers.delete(timer);
  }

  get runningTimers(): TimerName[] {
    return [...this.timers.keys()].sort();
  }

  /** Removes and returns the next thing that happens until `untilMs`. Results come before timers of the same moment. */
  next(untilMs: number): Entry | undefined {
    const timer = this.firstTimer();
    const entry = this.entries[0];
    if (entry && entry.atMs <= untilMs && (timer === undefined || entry.atMs <= timer.atMs)) return this.entries.shift();
    if (timer === undefined || timer.atMs > untilMs) return undefined;
    this.timers.delete(timer.name);
    return { atMs: timer.atMs, happening: { type: 'timer_fired', timer: timer.name } };
  }

  private firstTimer(): { name: TimerName; atMs: number } | undefined {
    const [first] = [...this.timers].sort(([, a], [, b]) => a - b);
    return first && { name: first[0], atMs: first[1] };
  }
}
