import { UsageRefused } from '../ports/usage-meter';

/** The result of work that was not allowed: reading it fails with `UsageRefused`. */
export const refusedStream = (provider: string): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new UsageRefused(provider)) }),
});
