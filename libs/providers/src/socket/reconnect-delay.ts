const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/** How often a lost connection is restored in the background before its next user has to ask for it. */
export const BACKGROUND_RECONNECTS = 6;

/** Milliseconds before reconnect `attempt` (from 0): doubling, capped, and half of it drawn by `random` so that many clients do not come back at once. */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const fullMs = Math.min(FIRST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS);
  return Math.round(fullMs / 2 + (fullMs / 2) * random());
}
