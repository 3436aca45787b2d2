import { ProviderError, type ProviderErrorCode } from '../ports/provider-error';
import { ProviderHealth } from './provider-health';

describe('ProviderHealth', () => {
  const first = { name: 'first' };
  const second = { name: 'second' };
  let nowMs = 0;
  let health: ProviderHealth;

  beforeEach(() => {
    nowMs = 5;
    health = new ProviderHealth(() => nowMs);
  });

  const failure = (code: ProviderErrorCode, retryAfterMs?: number): ProviderError =>
    new ProviderError('p', code, 'no', retryAfterMs === undefined ? {} : { retryAfterMs });

  it.each<[ProviderErrorCode, number | undefined, number]>([
    ['auth', undefined, 60_000],
    ['quota', undefined, 60_000],
    ['timeout', undefined, 15_000],
    ['rate_limited', 2_000, 2_000],
    ['rate_limited', 600_000, 60_000],
    ['rate_limited', undefined, 0],
    ['unavailable', undefined, 0],
    ['connection_lost', undefined, 0],
    ['bad_response', undefined, 0],
    ['invalid_request', undefined, 0],
    ['model_not_found', undefined, 0],
  ])('moves a provider to the end of the order after %s (retry after %p) for %i ms', (code, retryAfterMs, forMs) => {
    health.gaveUp(first, failure(code, retryAfterMs));
    if (forMs > 0) {
      nowMs += forMs - 1;
      expect(health.inOrder([first, second])).toEqual([second, first]);
      nowMs += 1;
    }
    expect(health.inOrder([first, second])).toEqual([first, second]);
  });

  it('keeps the configured order among providers that have all failed', () => {
    health.gaveUp(second, failure('auth'));
    health.gaveUp(first, failure('auth'));
    expect(health.inOrder([first, second])).toEqual([first, second]);
  });

  it('forgets the failure of a provider once it has worked again', () => {
    health.gaveUp(first, failure('auth'));
    health.worked(first);
    expect(health.isCooling(first)).toBe(false);
  });

  it('distinguishes providers that have the same name', () => {
    const twin = { ...first };
    health.gaveUp(first, failure('quota'));
    expect([health.isCooling(first), health.isCooling(twin)]).toEqual([true, false]);
  });
});
