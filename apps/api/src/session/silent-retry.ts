import { ProviderError } from '@parley/providers';

/**
 * The stream of a stage with one silent retry: a failure that another try may mend, before anything came out, starts it once more.
 * Later failures, and the second one, go to the caller.
 */
export async function* withSilentRetry<Item>(start: () => AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  let begun = false;
  try {
    for await (const item of start()) {
      begun = true;
      yield item;
    }
    return;
  } catch (error) {
    if (begun || signal.aborted || !isRetryable(error)) throw error;
  }
  yield* start();
}

export const isRetryable = (error: unknown): boolean => error instanceof ProviderError && error.retryable;
