import { ProviderError, type ProviderErrorCode } from '@parley/providers';
import { judgeFailure } from './render-failure';

const failure = (code: ProviderErrorCode, options = {}): ProviderError => new ProviderError('fake', code, 'secret words', options);
const middle = (): number => 0.5;

describe('a failed attempt at a segment', () => {
  it('is made again after 1, 2 and 4 s, and then no more', () => {
    const delays = [1, 2, 3, 4].map((attempts) => judgeFailure(failure('unavailable'), attempts, middle).retry?.retryAfterMs);
    expect(delays).toEqual([1_000, 2_000, 4_000, undefined]);
  });

  it('is spread over time', () => {
    const delay = (random: number) => judgeFailure(failure('timeout'), 1, () => random).retry?.retryAfterMs;
    expect([delay(0), delay(1)]).toEqual([750, 1_250]);
  });

  it('waits as long as the vendor says, and more often where it is only busy', () => {
    expect(judgeFailure(failure('rate_limited', { retryAfterMs: 9_000 }), 1, middle).retry).toEqual({ retryAfterMs: 9_000 });
    expect(judgeFailure(failure('rate_limited'), 11, middle).retry).toEqual({ retryAfterMs: 30_000 });
    expect(judgeFailure(failure('rate_limited'), 12, middle).retry).toBeUndefined();
  });

  it.each<ProviderErrorCode>(['auth', 'quota', 'invalid_request', 'model_not_found'])('is not made again after %s', (code) => {
    expect(judgeFailure(failure(code), 1, middle).retry).toBeUndefined();
  });

  it.each([failure('quota'), new Error('secret words'), 'secret words'])('tells nothing of the inside', (error) => {
    expect(judgeFailure(error, 1, middle).message).not.toContain('secret');
  });
});
