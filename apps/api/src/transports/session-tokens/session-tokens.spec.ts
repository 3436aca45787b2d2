import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { SESSION_TOKEN_PURPOSES } from '@parley/protocol';
import { MemoryUsedTokens } from './memory-used-tokens';
import { SessionTokens } from './session-tokens';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const TTL_S = 60;

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (text: string, secret = SECRET, hash = 'sha256'): string => createHmac(hash, secret).update(text).digest('base64url');

describe('SessionTokens', () => {
  let nowMs: number;
  let tokens: SessionTokens;
  beforeEach(() => {
    nowMs = Date.UTC(2030, 0, 1, 12);
    tokens = tokensWith();
  });

  const tokensWith = (secret: string | undefined = SECRET): SessionTokens =>
    new SessionTokens({ secret, ttlS: TTL_S, used: new MemoryUsedTokens(() => nowMs), now: () => nowMs });
  const issue = async (from = tokens): Promise<string> => (await from.issue('conversation')).token;
  const redeem = (token: string | undefined): Promise<boolean> => tokens.redeem(token, 'conversation');
  const nowS = (): number => Math.floor(nowMs / 1_000);
  const claims = (): Record<string, unknown> => ({
    ...{ iss: 'parley', aud: 'parley:conversation', jti: 'made-here', iat: nowS(), exp: nowS() + TTL_S },
  });
  /** A token that is signed with the right secret. */
  const signed = (payload: object, header: object = { alg: 'HS256', typ: 'JWT' }): string => {
    const text = `${base64(header)}.${base64(payload)}`;
    return `${text}.${hmac(text)}`;
  };

  it('accept a token that they issued, and say when it expires', async () => {
    const { token, expires_at } = await tokens.issue('conversation');
    expect(expires_at).toBe('2030-01-01T12:01:00.000Z');
    expect(await redeem(token)).toBe(true);
  });

  it('accept a token of another server with the same secret', async () => {
    expect(await redeem(await issue(tokensWith()))).toBe(true);
  });

  it('accept a token that is made by hand as they make it, which shows that the hostile ones below fail for their own reason', async () => {
    expect(await redeem(signed(claims()))).toBe(true);
  });

  it('accept a token once, also when it is used many times at the same moment', async () => {
    const token = await issue();
    const results = await Promise.all(Array.from({ length: 20 }, () => redeem(token)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await redeem(token)).toBe(false);
  });

  it('accept a token until it expires, and not afterwards', async () => {
    const [early, late] = [await issue(), await issue()];
    nowMs += TTL_S * 1_000 - 1;
    expect(await redeem(early)).toBe(true);
    nowMs += 1;
    expect(await redeem(late)).toBe(false);
  });

  it('accept a token only for what it was issued for', async () => {
    for (const purpose of SESSION_TOKEN_PURPOSES) {
      const { token } = await tokens.issue(purpose);
      for (const other of SESSION_TOKEN_PURPOSES) if (other !== purpose) expect(await tokens.redeem(token, other)).toBe(false);
      expect(await tokens.redeem(token, purpose)).toBe(true);
    }
  });

  it('are not needed without a secret', async () => {
    const none = new SessionTokens({ secret: undefined, ttlS: TTL_S, used: new MemoryUsedTokens(), now: () => nowMs });
    expect([none.areNeeded, tokens.areNeeded]).toEqual([false, true]);
    expect(await none.redeem(undefined, 'conversation')).toBe(true);
    await expect(none.issue('conversation')).rejects.toThrow('needed');
  });

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const HOSTILE: [what: string, make: () => string | undefined | Promise<string>][] = [
    ['none', () => undefined],
    ['an empty one', () => ''],
    ['nonsense', () => 'nonsense'],
    ['dots', () => '..'],
    ['an expired one', () => signed({ ...claims(), exp: nowS() - 1 })],
    ['one that never expires', () => signed({ ...claims(), exp: undefined })],
    ['one that expires at no number', () => signed({ ...claims(), exp: '9999999999' })],
    ['one that is not valid yet', () => signed({ ...claims(), nbf: nowS() + 10 })],
    ['one without an id', () => signed({ ...claims(), jti: undefined })],
    ['one whose id is no text', () => signed({ ...claims(), jti: 7 })],
    ['one of another issuer', () => signed({ ...claims(), iss: 'other' })],
    ['one for another audience', () => signed({ ...claims(), aud: 'parley:narration' })],
    ['one for no audience', () => signed({ ...claims(), aud: undefined })],
    ['one without a signature', async () => (await issue()).replace(/[^.]*$/, '')],
    ['one whose signature was cut', async () => (await issue()).slice(0, -4)],
    ['one whose signature was altered', async () => (await issue()).replace(/.(?=.{20}$)/, (char) => (char === 'A' ? 'B' : 'A'))],
    [
      'one whose claims were altered',
      async () => {
        const [header, , signature] = (await issue()).split('.');
        return `${header}.${base64({ ...claims(), exp: nowS() + 9_999 })}.${signature}`;
      },
    ],
    ['one of another secret', () => issue(tokensWith(`${SECRET}2`))],
    ['one with the algorithm none', () => `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims())}.`],
    ['one with the algorithm None', () => `${base64({ alg: 'None' })}.${base64(claims())}.`],
    ['one with the algorithm none that is signed', () => signed(claims(), { alg: 'none' })],
    [
      'one with a stronger algorithm of the same secret',
      () => {
        const text = `${base64({ alg: 'HS512' })}.${base64(claims())}`;
        return `${text}.${hmac(text, SECRET, 'sha512')}`;
      },
    ],
    [
      'one that is signed with a key pair',
      () => {
        const text = `${base64({ alg: 'ES256' })}.${base64(claims())}`;
        return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
      },
    ],
    [
      'one that brings its own key',
      () => signed(claims(), { alg: 'HS256', jwk: { kty: 'oct', k: 'YQ' }, kid: '../../etc/passwd' }).replace(/.(?=.{20}$)/, '_'),
    ],
    ['one with an extension that must be understood', () => signed(claims(), { alg: 'HS256', crit: ['x'], x: 1 })],
    ['one whose claims are no object', () => signed(['parley'])],
    [
      'one whose claims are no JSON',
      () => {
        const text = `${base64({ alg: 'HS256' })}.${Buffer.from('{').toString('base64url')}`;
        return `${text}.${hmac(text)}`;
      },
    ],
    ['one with four parts', async () => `${await issue()}.x`],
    ['one with blanks around it', async () => ` ${await issue()} `],
    ['a huge one that is signed', () => signed({ ...claims(), more: 'x'.repeat(2_000) })],
    ['a megabyte', () => 'a.'.repeat(500_000)],
    ['one that is encrypted', () => `${base64({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`],
  ];

  it.each(HOSTILE)('refuse %s', async (_what, make) => {
    expect(await redeem(await make())).toBe(false);
  });
});
