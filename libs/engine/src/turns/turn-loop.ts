import type { Clock } from '../ports';

type Timed<Event> = Event & { atMs: number };

export interface TurnLoopOptions<State, Event, Effect> {
  initial: State;
  clock: Clock;
  /** A pure function that returns the next state and the effects. */
  reduce: (state: State, event: Timed<Event>) => { state: State; effects: readonly Effect[] };
  /** Called before the effects are performed. */
  decided: (event: Timed<Event>, effects: readonly Effect[]) => void;
  perform: (effect: Effect) => void;
}

/**
 * Gives the events of a conversation to its turn engine, one after the other, and has the resulting effects performed. An event that is
 * caused while another one is being handled waits until that is done.
 */
export class TurnLoop<State, Event extends object, Effect> {
  private readonly events: Timed<Event>[] = [];
  private current: State;
  private handling = false;

  constructor(private readonly options: TurnLoopOptions<State, Event, Effect>) {
    this.current = options.initial;
  }

  get state(): State {
    return this.current;
  }

  /** Adds the time to the event and handles it before this returns, unless another event is being handled. */
  dispatch(event: Event): void {
    this.events.push({ ...event, atMs: this.options.clock.now() });
    if (this.handling) return;
    this.handling = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) this.handle(next);
    } finally {
      this.handling = false;
    }
  }

  private handle(event: Timed<Event>): void {
    const { state, effects } = this.options.reduce(this.current, event);
    this.current = state;
    this.options.decided(event, effects);
    for (const effect of effects) this.options.perform(effect);
  }
}
