import { ProviderError, type ProviderErrorCode, type ProviderInfo } from '@parley/providers';

/** `ProviderInfo` of every fake that is given none. */
export const FAKE_INFO: ProviderInfo = { name: 'fake', simulated: true };

export function fakeFailure(info: ProviderInfo, code: ProviderErrorCode): ProviderError {
  return new ProviderError(info.name, code, `${info.name} failed on purpose (${code})`);
}

/** How a fake's stream ended: `finished` by itself, `failed` on purpose, `cancelled` by an abort or a consumer that left. */
export type FakeOutcome = 'open' | 'finished' | 'failed' | 'cancelled';
