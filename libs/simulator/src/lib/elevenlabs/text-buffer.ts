/** The vendor's lengths, in characters, at which buffered text is voiced. */
export const DEFAULT_SCHEDULE: readonly number[] = [120, 160, 250, 290];

/** Below this, `try_trigger_generation` does nothing. */
const SHORTEST_TRIGGERED = 50;

/**
 * Decides when received text is voiced. In auto mode every message is, by itself; else text is held until it reaches the next length of
 * the schedule (the last one repeats) or is flushed.
 */
export class TextBuffer {
  #held = '';
  #generations = 0;
  #schedule: readonly number[];

  constructor(
    private readonly autoMode: boolean,
    schedule: readonly number[] = DEFAULT_SCHEDULE,
  ) {
    this.#schedule = schedule;
  }

  set schedule(schedule: readonly number[]) {
    this.#schedule = schedule;
  }

  /** Adds text; returns what is to be voiced now, if anything. */
  push(text: string, tryTrigger = false): string | undefined {
    // White space with nothing before it is a keep-alive.
    if (this.#held !== '' || text.trim() !== '') this.#held += text;
    const due = this.#schedule[Math.min(this.#generations, this.#schedule.length - 1)] ?? 0;
    const length = this.#held.length;
    return this.autoMode || length >= due || (tryTrigger && length >= SHORTEST_TRIGGERED) ? this.flush() : undefined;
  }

  /** Everything held, if there is anything to say in it. */
  flush(): string | undefined {
    const text = this.#held;
    if (text.trim() === '') return undefined;
    this.#held = '';
    this.#generations += 1;
    return text;
  }
}
