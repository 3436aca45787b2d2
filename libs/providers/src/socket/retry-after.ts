const LONGEST_WAIT_MS = 600_000;

/**
 * Returns the waiting time in milliseconds from `nowMs` (since the epoch) that the answer of a vendor asks for, or undefined if it contains
 * no usable time.
 */
export function retryAfterMs(header: (name: string) => string | null | undefined, nowMs = Date.now()): number | undefined {
  const exact = Number.parseFloat(header('retry-after-ms') ?? '');
  if (exact >= 0) return Math.min(exact, LONGEST_WAIT_MS);
  const value = header('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  const waitMs = Number.isNaN(seconds) ? Date.parse(value) - nowMs : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS);
}
