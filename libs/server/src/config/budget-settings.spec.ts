import { EnvironmentError, parseEnvironment } from './parse-environment';
import { settingsFrom } from './settings';

const budgetsOf = (environment: Record<string, string>) => settingsFrom(parseEnvironment(environment)).budgets;

describe('the settings of the budgets', () => {
  it('limit nothing when no variable is set', () => {
    expect(budgetsOf({})).toEqual({ limits: { conversation: {}, address: {}, day: {} }, redisUrl: undefined, replyCacheTtlMs: undefined });
  });

  it('have a limit for each kind and scope, with recognition in milliseconds', () => {
    const names = ['TURNS', 'MODEL_REQUESTS', 'VOICE_CHARACTERS', 'RECOGNITION_SECONDS'];
    const environment = Object.fromEntries(
      names.flatMap((name, index) => [
        [`BUDGET_${name}_PER_CONVERSATION`, String(index + 1)],
        [`BUDGET_${name}_PER_ADDRESS_PER_DAY`, String(index + 11)],
        [`BUDGET_${name}_PER_DAY`, String(index + 21)],
      ]),
    );
    expect(budgetsOf({ ...environment, REDIS_URL: 'redis://cache.example:6379' })).toEqual({
      limits: {
        conversation: { turns: 1, model_requests: 2, voice_characters: 3, recognition_ms: 4_000 },
        address: { turns: 11, model_requests: 12, voice_characters: 13, recognition_ms: 14_000 },
        day: { turns: 21, model_requests: 22, voice_characters: 23, recognition_ms: 24_000 },
      },
      redisUrl: 'redis://cache.example:6379',
      replyCacheTtlMs: undefined,
    });
  });

  it('keep replies only if they are asked to', () => {
    expect(budgetsOf({ REPLY_CACHE_TTL_S: '60' }).replyCacheTtlMs).toBeUndefined();
    expect(budgetsOf({ REPLY_CACHE: 'true', REPLY_CACHE_TTL_S: '60' }).replyCacheTtlMs).toBe(60_000);
  });

  it.each(['0', '-1', '1.5', 'many'])('refuse the limit %s', (value) => {
    expect(() => budgetsOf({ BUDGET_TURNS_PER_DAY: value })).toThrow(EnvironmentError);
  });
});
