import type { Clock } from '../ports';

type Timed<Event> = Event & { atMs: number };

export interface TurnLoopOptions<State, Event, Effect> {
  initial: State;
  clock: Clock;
  /** Pure: the next state, and what is to be done. */
  reduce: (state: State, event: Timed<Event>) => { state: State; effects: readonly Effect[] };
  /** Called before the effects are performed. */
  decided: (event: Timed<Event>, effects: readonly Effect[]) => void;
  perform: (effect: Effect) => void;
}

/**
 * Gives a conversation's events to its turn engine, one after the other in the order in which they came, and has the decisions performed.
 * What an effect brings about at once waits for its turn.
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

  /** Stamps the event with its time and handles it: before this returns, unless another one is being handled. */
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
