import { getEventListeners } from 'node:events';

/** The number of abort listeners on the signal. */
export function abortListeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

/** The resources that keep the process alive, counted by kind: `Timeout`, `TCPSocketWrap` and so on. */
export function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The number of timers that keep the process alive. */
export function activeTimers(): number {
  return activeResources().get('Timeout') ?? 0;
}

const POLL_MS = 5;
/** The most time that one check counts for. If a check comes later, the machine was busy, and delayed what is waited for as well. */
const LATE_POLL_MS = 10;

/**
 * A little less than jest's time-out for a test, so that a busy machine does not fail a test and the failure still says what was waited
 * for.
 */
const WITHIN_MS = 25_000;

/**
 * Waits until `condition` holds, or throws after `withinMs` of this process's own time and says what it waited for. For events at the other
 * end of a socket.
 */
export async function eventually(condition: () => boolean, what: string, withinMs = WITHIN_MS): Promise<void> {
  for (let waitedMs = 0; !condition();) {
    if (waitedMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    const askedAtMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    waitedMs += Math.min(performance.now() - askedAtMs, LATE_POLL_MS);
  }
}
