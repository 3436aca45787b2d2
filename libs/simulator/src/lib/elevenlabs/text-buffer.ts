/** The vendor's default schedule: buffered text is voiced when it reaches these lengths (in characters), one after the other. */
export const DEFAULT_SCHEDULE: readonly number[] = [120, 160, 250, 290];

/** Below this, `try_trigger_generation` does nothing. */
const SHORTEST_TRIGGERED = 50;

/**
 * Decides when received text is voiced. In auto mode every message is voiced by itself; otherwise text is held until it reaches the next
 * length of the schedule (the last one repeats) or is flushed.
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
    // White space with no text before it is a keep-alive.
    if (this.#held !== '' || text.trim() !== '') this.#held += text;
    const due = this.#schedule[Math.min(this.#generations, this.#schedule.length - 1)] ?? 0;
    const length = this.#held.length;
    return this.autoMode || length >= due || (tryTrigger && length >= SHORTEST_TRIGGERED) ? this.flush() : undefined;
  }

  /** All buffered text, if it contains anything to say. */
  flush(): string | undefined {
    const text = this.#held;
    if (text.trim() === '') return undefined;
    this.#held = '';
    this.#generations += 1;
    return text;
  }
}
