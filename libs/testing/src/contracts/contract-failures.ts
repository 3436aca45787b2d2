import { ProviderError, type ProviderErrorCode } from '@parley/providers';

/** The failures that a harness can cause: always (`auth`, `rate_limited`), or for the first piece of work only. */
export type ContractFailure = 'auth' | 'rate_limited' | 'stall' | 'drop' | 'garbage';

/** The error code that each failure must be reported as. */
export const FAILURE_CODES: Readonly<Record<ContractFailure, ProviderErrorCode>> = {
  auth: 'auth',
  rate_limited: 'rate_limited',
  stall: 'timeout',
  drop: 'connection_lost',
  garbage: 'bad_response',
};

/** Failures after which the next call works. */
export const PASSING_FAILURES: readonly ContractFailure[] = ['stall', 'drop', 'garbage'];

/** The error a stream ends with; fails the test when it ends without one. */
export async function failureOf(stream: AsyncIterable<unknown>): Promise<ProviderError> {
  try {
    for await (const item of stream) void item;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('the stream ended without an error');
}

/** Everything a stream yields. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
