import { setImmediate } from 'node:timers/promises';

/** Timers are looked at this often: what falls due in between runs up to this much late, as on a busy machine. */
const STEP_MS = 20;

/** Time that passes when a test says so, for everything that uses timers or `performance.now()`. To be ended with `jest.useRealTimers()`. */
export function startVirtualTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] });
}

/** Lets `durationMs` go by; promises that can go on do so at every step. */
export async function pass(durationMs: number): Promise<void> {
  await settle();
  for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
    jest.advanceTimersByTime(Math.min(leftMs, STEP_MS));
    await settle();
  }
}

/** Lets promises that can go on go on, without time passing. */
export async function settle(): Promise<void> {
  await setImmediate();
}
