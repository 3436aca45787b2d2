const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/** The number of attempts to restore a lost connection in the background, before the next user of the connection has to request it. */
export const BACKGROUND_RECONNECTS = 6;

/**
 * Returns the milliseconds to wait before reconnect `attempt` (counted from 0). The delay doubles up to a limit, and half of it is random,
 * so that many clients do not return at the same time.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const fullMs = Math.min(FIRST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS);
  return Math.round(fullMs / 2 + (fullMs / 2) * random());
}
