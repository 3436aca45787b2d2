import { MemoryUsedTokens } from './memory-used-tokens';
import { SessionTokens } from './session-tokens';
import { UpgradeTokens } from './upgrade-tokens';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const tokensWith = (secret: string | undefined): SessionTokens =>
  new SessionTokens({ secret, ttlS: 60, used: new MemoryUsedTokens(), now: Date.now });

describe('UpgradeTokens', () => {
  const tokens = tokensWith(SECRET);
  const checks = new UpgradeTokens(tokens);
  const check = (path: string, query: string): Promise<boolean> | undefined => checks.check(`${path}${query}`, path);
  const issue = async (purpose: 'conversation' | 'narration' = 'conversation'): Promise<string> => (await tokens.issue(purpose)).token;

  it('check nothing where no tokens are needed', () => {
    expect(new UpgradeTokens(tokensWith(undefined)).check('/ws', '/ws')).toBeUndefined();
  });

  it.each([
    ['/ws', 'conversation', true],
    ['/ws/agent', 'conversation', true],
    ['/ws/narration', 'narration', true],
    ['/ws', 'narration', false],
    ['/ws/agent', 'narration', false],
    ['/ws/narration', 'conversation', false],
    ['/ws/added-later', 'conversation', true],
    ['/ws/added-later', 'narration', false],
  ] as const)('at %s, judge a token for a %s: %s', async (path, purpose, isAccepted) => {
    expect(await check(path, `?token=${await issue(purpose)}`)).toBe(isAccepted);
  });

  it('find the token among the other parts of the query', async () => {
    expect(await check('/ws/agent', `?language=en-IN&token=${await issue()}&voice_id=a`)).toBe(true);
  });

  it.each([
    '',
    '?',
    '?token',
    '?token=',
    '?token=x',
    '?Token=$',
    '?token[]=$',
    '#token=$',
    '?x=?token=$',
    '?token=$&token=$',
    '?token=&token=$',
    '?token=$&token=',
  ])('refuse the query "%s", where $ is a good token', async (query) => {
    expect(await check('/ws', query.replaceAll('$', await issue()))).toBe(false);
  });
});
