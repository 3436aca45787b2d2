const FIRST_DELAY_MS = 1_000;
const JITTER = 0.25;

/** The number of attempts after a failed one, before another way is taken. */
export const MOST_RETRIES = 3;

/**
 * Returns the milliseconds to wait before retry `attempt` (counted from 0): 1, 2 and 4 s, each up to a quarter more or less at random, so
 * that many clients do not return at the same time.
 */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(FIRST_DELAY_MS * 2 ** attempt * (1 + JITTER * (2 * random() - 1)));
}
