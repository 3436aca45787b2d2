/** Time as the fakes see it. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls back once, `delayMs` from now; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** The machine's own time. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves to true after `delayMs` (at once, in a microtask, when that is 0), or to false as soon as `signal` aborts. Leaves nothing behind. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (delayMs <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (elapsed: boolean) => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      resolve(elapsed);
    };
    const onAbort = () => settle(false);
    const cancel = clock.schedule(delayMs, () => settle(true));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
