import { ProviderError, type ProviderErrorCode, type ProviderErrorOptions } from '../ports/provider-error';
import { AttemptPlan } from './attempt-plan';
import type { FailedTry, ProviderSwitch } from './failover-options';
import { ProviderHealth } from './provider-health';

const failure = (code: ProviderErrorCode, options?: ProviderErrorOptions): ProviderError => new ProviderError('p', code, 'no', options);

describe('AttemptPlan', () => {
  let nowMs = 0;
  let health: ProviderHealth;
  const switches: ProviderSwitch[] = [];
  const failures: FailedTry[] = [];

  beforeEach(() => {
    nowMs = 1_000;
    health = new ProviderHealth(() => nowMs);
    switches.length = 0;
    failures.length = 0;
  });

  const providers = [
    { name: 'a', port: 'A' },
    { name: 'b', port: 'B' },
    { name: 'c', port: 'C' },
  ] as const;

  function plan(count: 1 | 2 | 3): AttemptPlan<string> {
    const [first, ...others] = providers;
    return new AttemptPlan<string>({
      providers: [first, ...others.slice(0, count - 1)],
      health,
      stageTimeoutMs: 12_000,
      onSwitch: (change) => switches.push(change),
      onFailure: (failed) => failures.push(failed),
      now: () => nowMs,
    });
  }

  /** Returns the provider that is asked after each of these failures, with the waiting time in milliseconds if there is one. */
  function course(count: 1 | 2 | 3, failures: readonly ProviderError[]): string[] {
    const one = plan(count);
    one.restartClock();
    return failures.map((error) => {
      const waitMs = one.failed(error);
      return waitMs === undefined ? 'nobody' : waitMs > 0 ? `${one.current.name} in ${waitMs}` : one.current.name;
    });
  }

  it('tells of every try that has failed, and whether the same provider is tried again', () => {
    course(2, [failure('unavailable'), failure('timeout'), failure('auth')]);
    expect(failures).toEqual([
      { provider: 'a', code: 'unavailable', isRetried: true },
      { provider: 'a', code: 'timeout', isRetried: false },
      { provider: 'b', code: 'auth', isRetried: false },
    ]);
  });

  it.each<[string, 1 | 2 | 3, ProviderError[], string[]]>([
    [
      'retries a provider once after a temporary failure, then moves to the next',
      2,
      Array(4).fill(failure('unavailable')),
      ['a', 'b', 'b', 'nobody'],
    ],
    ['retries the only provider once after a temporary failure', 1, Array(2).fill(failure('connection_lost')), ['a', 'nobody']],
    ['moves to the next provider after a refused key', 2, [failure('auth'), failure('auth')], ['b', 'nobody']],
    [
      'moves to the next provider when the credit is used up',
      3,
      [failure('quota'), failure('timeout'), failure('timeout')],
      ['b', 'b', 'c'],
    ],
    ['moves to the next provider when the model does not exist', 2, [failure('model_not_found')], ['b']],
    ['moves to the next provider when the request is refused', 2, [failure('invalid_request')], ['b']],
    ['moves to the next provider when the failure must not be retried', 2, [failure('unavailable', { retryable: false })], ['b']],
    ['waits for the same provider when its rate limit ends soon', 2, [failure('rate_limited', { retryAfterMs: 300 })], ['a in 300']],
    ['moves to the next provider when the rate limit lasts too long', 2, [failure('rate_limited', { retryAfterMs: 301 })], ['b']],
    ['gives up when the rate limit of the only provider lasts too long', 1, [failure('rate_limited', { retryAfterMs: 301 })], ['nobody']],
    ['moves to the next provider when the length of the rate limit is unknown', 2, [failure('rate_limited')], ['b']],
    [
      'retries the only provider once when the length of its rate limit is unknown',
      1,
      [failure('rate_limited'), failure('rate_limited')],
      ['a in 300', 'nobody'],
    ],
  ])('%s', (_name, count, failures, expected) => {
    expect(course(count, failures)).toEqual(expected);
  });

  it('reports each switch between providers, but no retries', () => {
    course(3, [failure('bad_response'), failure('bad_response'), failure('auth'), failure('auth')]);
    expect(switches).toEqual([
      { from: 'a', to: 'b', code: 'bad_response' },
      { from: 'b', to: 'c', code: 'auth' },
    ]);
  });

  it('reports the failure of the provider that comes first in the configuration, even if another was asked first', () => {
    health.gaveUp(providers[0], failure('auth'));
    const one = plan(2);
    expect(one.current.name).toBe('b');
    one.failed(failure('unavailable'));
    one.failed(failure('bad_response'));
    expect(one.failure?.code).toBe('bad_response');
    one.failed(failure('auth'));
    expect(one.failure?.code).toBe('auth');
  });

  it('does not count time before its clock is started', () => {
    const one = plan(2);
    nowMs += 60_000;
    expect(one.allowanceMs).toBe(Infinity);
    expect(one.failed(failure('timeout'))).toBe(0);
    expect(one.current.name).toBe('a');
    one.restartClock();
    expect(one.allowanceMs).toBe(6_000);
  });

  it.each<[1 | 2 | 3, number]>([
    [1, 12_000],
    [2, 6_000],
    [3, 4_000],
  ])('gives each of %i providers an equal share of the time', (count, shareMs) => {
    const one = plan(count);
    one.restartClock();
    expect(one.allowanceMs).toBe(shareMs);
    nowMs += 1_000;
    expect(one.allowanceMs).toBe(shareMs - 1_000);
  });

  it('divides the remaining time among the remaining providers, and starts again with each result', () => {
    const one = plan(3);
    one.restartClock();
    nowMs += 1_000;
    one.failed(failure('auth'));
    expect(one.allowanceMs).toBe(5_500);
    nowMs += 5_500;
    one.failed(failure('timeout'), false);
    expect([one.current.name, one.allowanceMs]).toEqual(['c', 5_500]);
    nowMs += 5_000;
    one.restartClock();
    expect(one.allowanceMs).toBe(12_000);
  });

  it('never exceeds the total time, however long each provider takes', () => {
    const startMs = nowMs;
    const one = plan(3);
    one.restartClock();
    for (let tries = 0; tries < 6; tries += 1) {
      nowMs += one.allowanceMs;
      if (one.failed(failure('timeout')) === undefined) break;
    }
    expect(nowMs - startMs).toBe(12_000);
  });

  it('does not retry a provider that has used more than half of its time', () => {
    const one = plan(2);
    one.restartClock();
    nowMs += 3_000;
    one.failed(failure('timeout'));
    expect(one.current.name).toBe('a');
    const other = plan(2);
    other.restartClock();
    nowMs += 3_001;
    other.failed(failure('timeout'));
    expect(other.current.name).toBe('b');
  });
});
