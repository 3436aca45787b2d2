import { testSettings } from '@parley/server/testing';
import { checkSharedServices } from './shared-services';

const ROOMS = { LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'devkey', LIVEKIT_API_SECRET: 'a-secret-of-at-least-32-characters' };
const REDIS = { REDIS_URL: 'redis://127.0.0.1:6379' };
const check = (environment: Record<string, string>): string[] =>
  checkSharedServices(testSettings({ SERVER_PROCESSES: '2', ...environment }));

describe('Several processes', () => {
  it('do not serve rooms without Redis', () => {
    expect(() => check(ROOMS)).toThrow(/2 processes.*REDIS_URL/);
    expect(() => check({ ...ROOMS, ...REDIS })).not.toThrow();
  });

  it('name what they do not share', () => {
    expect(check({})).toEqual([expect.stringContaining('limits'), expect.stringContaining('episodes')]);
    expect(check(REDIS)).toEqual([expect.stringContaining('episodes')]);
    expect(check({ ...REDIS, DATABASE_URL: 'postgres://127.0.0.1/parley' })).toEqual([]);
  });
});
