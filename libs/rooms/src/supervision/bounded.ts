export interface SupervisorClock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Calls back once, `delayMs` from now; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export const SYSTEM_SUPERVISOR_CLOCK: SupervisorClock = {
  now: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/** Settles as `promise` does, or rejects with `TooLateError` after `forMs`. What comes later is ignored. */
export function within<T>(clock: SupervisorClock, forMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(forMs, () => reject(new TooLateError(`no answer within ${forMs} ms`)));
    promise.then(resolve, reject).finally(cancel);
  });
}
