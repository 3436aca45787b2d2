import { ProviderError, type ProviderErrorCode, type ProviderErrorOptions } from '../ports/provider-error';
import { AttemptPlan } from './attempt-plan';
import type { ProviderSwitch } from './failover-options';
import { ProviderHealth } from './provider-health';

const failure = (code: ProviderErrorCode, options?: ProviderErrorOptions): ProviderError => new ProviderError('p', code, 'no', options);

describe('AttemptPlan', () => {
  let nowMs = 0;
  let health: ProviderHealth;
  const switches: ProviderSwitch[] = [];

  beforeEach(() => {
    nowMs = 1_000;
    health = new ProviderHealth(() => nowMs);
    switches.length = 0;
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
      now: () => nowMs,
    });
  }

  /** Who is asked after each of these failures, with the wait before it. */
  function course(count: 1 | 2 | 3, failures: readonly ProviderError[]): string[] {
    const one = plan(count);
    one.restartClock();
    return failures.map((error) => {
      const waitMs = one.failed(error);
      return waitMs === undefined ? 'nobody' : waitMs > 0 ? `${one.current.name} in ${waitMs}` : one.current.name;
    });
  }

  it.each<[string, 1 | 2 | 3, ProviderError[], string[]]>([
    ['one that may be mended: once more, then the next', 2, Array(4).fill(failure('unavailable')), ['a', 'b', 'b', 'nobody']],
    ['nobody else: once more', 1, Array(2).fill(failure('connection_lost')), ['a', 'nobody']],
    ['a refused key: the next', 2, [failure('auth'), failure('auth')], ['b', 'nobody']],
    ['used-up credit: the next', 3, [failure('quota'), failure('timeout'), failure('timeout')], ['b', 'b', 'c']],
    ['a model that is gone: the next', 2, [failure('model_not_found')], ['b']],
    ['a request that is refused: the next', 2, [failure('invalid_request')], ['b']],
    ['a vendor that says not to try again: the next', 2, [failure('unavailable', { retryable: false })], ['b']],
    ['a rate limit that is over at once: the same', 2, [failure('rate_limited', { retryAfterMs: 300 })], ['a in 300']],
    ['a rate limit that lasts: the next', 2, [failure('rate_limited', { retryAfterMs: 301 })], ['b']],
    ['a rate limit that lasts, and nobody else', 1, [failure('rate_limited', { retryAfterMs: 301 })], ['nobody']],
    ['a rate limit of unknown length: the next', 2, [failure('rate_limited')], ['b']],
    [
      'a rate limit of unknown length, and nobody else: the same',
      1,
      [failure('rate_limited'), failure('rate_limited')],
      ['a in 300', 'nobody'],
    ],
  ])('%s', (_name, count, failures, expected) => {
    expect(course(count, failures)).toEqual(expected);
  });

  it('tells of each switch, and of retries nothing', () => {
    course(3, [failure('bad_response'), failure('bad_response'), failure('auth'), failure('auth')]);
    expect(switches).toEqual([
      { from: 'a', to: 'b', code: 'bad_response' },
      { from: 'b', to: 'c', code: 'auth' },
    ]);
  });

  it('tells the failure of the first in the configuration, whoever was asked first', () => {
    health.gaveUp(providers[0], failure('auth'));
    const one = plan(2);
    expect(one.current.name).toBe('b');
    one.failed(failure('unavailable'));
    one.failed(failure('bad_response'));
    expect(one.failure?.code).toBe('bad_response');
    one.failed(failure('auth'));
    expect(one.failure?.code).toBe('auth');
  });

  it('lets the clock stand still until it is started', () => {
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
  ])('gives each of %i providers its share', (count, shareMs) => {
    const one = plan(count);
    one.restartClock();
    expect(one.allowanceMs).toBe(shareMs);
    nowMs += 1_000;
    expect(one.allowanceMs).toBe(shareMs - 1_000);
  });

  it('hands on what is left, and begins anew with each result', () => {
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

  it('never gives more than there is, however long each of them takes', () => {
    const startMs = nowMs;
    const one = plan(3);
    one.restartClock();
    for (let tries = 0; tries < 6; tries += 1) {
      nowMs += one.allowanceMs;
      if (one.failed(failure('timeout')) === undefined) break;
    }
    expect(nowMs - startMs).toBe(12_000);
  });

  it('does not try the same again when more than half of its time is gone', () => {
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
