import { setImmediate } from 'node:timers/promises';

/** Time advances in steps of this length, so that timers may fire this much late, as on a busy machine. */
const STEP_MS = 20;

/** From now on, timers and `performance.now()` use a time that advances only when a test says so. Ended with `jest.useRealTimers()`. */
export function startVirtualTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] });
}

/** Advances by `durationMs`, and lets promises settle at every step. */
export async function pass(durationMs: number): Promise<void> {
  await settle();
  for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
    jest.advanceTimersByTime(Math.min(leftMs, STEP_MS));
    await settle();
  }
}

/** Lets promises settle without advancing the time. */
export async function settle(): Promise<void> {
  await setImmediate();
}
