/** The vendor's own schedule, in characters. */
export const DEFAULT_SCHEDULE: readonly number[] = [120, 160, 250, 290];

/**
 * Follows which of the text that was sent the vendor generates: all of it as soon as it reaches the next length of the schedule, of which
 * the last one repeats, or when it is flushed.
 */
export class GenerationSchedule {
  #held = 0;
  #generations = 0;
  #generated = 0;

  constructor(private readonly schedule: readonly number[] = DEFAULT_SCHEDULE) {}

  /** Number of characters that are generated so far. */
  get generated(): number {
    return this.#generated;
  }

  /** Records that text was sent. Returns how many more characters are generated now. */
  sent(characters: number, isFlushed: boolean): number {
    this.#held += characters;
    const due = this.schedule[Math.min(this.#generations, this.schedule.length - 1)] ?? 0;
    if (this.#held === 0 || (!isFlushed && this.#held < due)) return 0;
    const now = this.#held;
    this.#held = 0;
    this.#generations += 1;
    this.#generated += now;
    return now;
  }
}
