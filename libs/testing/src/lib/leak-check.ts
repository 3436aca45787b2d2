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

/** Waits until `condition` holds, or says after `withinMs` what it was waiting for. For what happens at the other end of a socket. */
export async function eventually(condition: () => boolean, what: string, withinMs = 3_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
