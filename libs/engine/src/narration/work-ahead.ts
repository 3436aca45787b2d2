/** Speech that was made but not played, at most. Milliseconds. A narration is not made faster than it is heard, or it would fill the memory. */
const MAX_UNPLAYED_MS = 60_000;
/** Text that was given to the voice but not spoken, at most. */
const MAX_UNSPOKEN_CHARACTERS = 3_000;
/** Nobody speaks faster. From speech without alignment at least this is known. */
const FASTEST_MS_PER_CHARACTER = 40;

/** Knows how far the voice is ahead of the listener, and lets text pass only while that is within bounds. */
export class WorkAhead {
  #givenCharacters = 0;
  #alignedCharacters = 0;
  #madeMs = 0;
  #playedMs = 0;
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  get hasRoom(): boolean {
    const spoken = Math.max(this.#alignedCharacters, this.#madeMs / FASTEST_MS_PER_CHARACTER);
    return this.unplayedMs <= MAX_UNPLAYED_MS && this.#givenCharacters - spoken <= MAX_UNSPOKEN_CHARACTERS;
  }

  /** Speech that was made but not played. Milliseconds. */
  get unplayedMs(): number {
    return this.#madeMs - this.#playedMs;
  }

  given(characters: number): void {
    this.#givenCharacters += characters;
  }

  made(durationMs: number, alignedCharacters: number): void {
    this.#madeMs += durationMs;
    this.#alignedCharacters += alignedCharacters;
    this.#wake();
  }

  played(durationMs: number): void {
    this.#playedMs += durationMs;
    this.#wake();
  }

  /** Resolves when there is room, or when this is closed. */
  async room(): Promise<void> {
    while (!this.hasRoom && !this.#isClosed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets everybody go who waits. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  #wake(): void {
    if (this.hasRoom || this.#isClosed) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
