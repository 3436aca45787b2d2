import { ProviderError, type ProviderErrorCode, type ProviderInfo } from '@parley/providers';

/** The `ProviderInfo` of fakes that are given none. */
export const FAKE_INFO: ProviderInfo = { name: 'fake', simulated: true };

export function fakeFailure(info: ProviderInfo, code: ProviderErrorCode): ProviderError {
  return new ProviderError(info.name, code, `${info.name} failed on purpose (${code})`);
}

/**
 * How a fake's stream ended: `finished` by itself, `failed` as scripted, or `cancelled` by an abort or by a consumer that left the loop.
 */
export type FakeOutcome = 'open' | 'finished' | 'failed' | 'cancelled';
