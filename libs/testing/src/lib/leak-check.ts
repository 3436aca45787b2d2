import { getEventListeners } from 'node:events';

/** Abort listeners that somebody left on the signal. */
export function abortListeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

/** What keeps the process alive, by kind: `Timeout`, `TCPSocketWrap` and so on. */
export function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Timers that keep the process alive. */
export function activeTimers(): number {
  return activeResources().get('Timeout') ?? 0;
}

const POLL_MS = 5;
/** The most that one look counts for. One that comes later was kept waiting by the machine, as was whatever is waited for. */
const LATE_POLL_MS = 10;

/** Nearly the time that jest gives a test: how busy the machine is must not decide a test, and what was waited for should still be told. */
const WITHIN_MS = 25_000;

/**
 * Waits until `condition` holds, or says after `withinMs` of this process's own time what it was waiting for. For what happens at the other
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
