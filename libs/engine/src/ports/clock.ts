/** Monotonic time, in milliseconds since some fixed moment. */
export interface Clock {
  now(): number;
}

/** The machine's time. */
export const SYSTEM_CLOCK: Clock = { now: () => performance.now() };
