import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is the case. Fails with `what` after twenty seconds. */
export async function until(isReached: () => boolean | Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
  const endsAt = performance.now() + withinMs;
  while (!(await isReached())) {
    if (performance.now() > endsAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(10);
  }
}
