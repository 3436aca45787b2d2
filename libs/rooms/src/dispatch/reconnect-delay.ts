const FIRST_MS = 100;
const LONGEST_MS = 1_000;

/** How long to wait before each new attempt to connect: not at all at first, then longer and longer, up to a second. */
export class ReconnectDelay {
  private attempts = 0;

  /** `random` returns numbers from 0 to 1. It spreads the attempts of workers that lost their server at the same moment. */
  constructor(private readonly random: () => number = Math.random) {}

  /** The wait before the next attempt, in ms. */
  next(): number {
    const attempt = this.attempts++;
    if (attempt === 0) return 0;
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
    return Math.max(FIRST_MS, longest * (0.5 + this.random() / 2));
  }

  /** The connection has worked: the next attempt comes at once. */
  reset(): void {
    this.attempts = 0;
  }
}
