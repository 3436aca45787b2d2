import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { FakeProviders } from '@parley/engine/testing';
import { type Settings, SETTINGS } from '@parley/server';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import type { ModuleOverrides } from '../../testing/test-module';
import { TestServer } from '../../testing/test-server';
import { ApiException } from '../http/api-error';
import type { HttpRequest } from '../http/http-exchange';

const SECRET = { SESSION_TOKEN_SECRET: 'a-secret-of-at-least-thirty-two-characters' };
const ISSUER = 'token-of-the-operator';

/** What a deployer could write: whoever has signed in has a cookie. */
@Injectable()
class CookieGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'host'>) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    const { cookie } = context.switchToHttp().getRequest<HttpRequest>().headers;
    if (cookie !== `signed-in-at=${this.settings.host}`) throw new ApiException(401, 'Please sign in.');
    return Promise.resolve(true);
  }
}

describe('POST /api/session-tokens', () => {
  let logger: RecordingLogger;
  let server: TestServer;
  beforeEach(() => void (logger = RecordingLogger.install()));
  afterEach(async () => {
    await server.close();
    logger.restore();
  });

  async function start(environment: Record<string, string> = SECRET, overrides: ModuleOverrides = {}): Promise<void> {
    server = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(environment), overrides);
  }
  const ask = (headers: Record<string, string>, body: unknown = { purpose: 'conversation' }): Promise<Response> =>
    fetch(`${server.origin}/api/session-tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('gives a token to the server’s own page, which is soon over and is kept by no cache', async () => {
    await start({ ...SECRET, SESSION_TOKEN_TTL_S: '30' });
    const askedMs = Date.now();
    const answer = await ask({ origin: server.origin });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { token, expires_at } = (await answer.json()) as { token: string; expires_at: string };
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const lifeMs = Date.parse(expires_at) - askedMs;
    expect(lifeMs).toBeGreaterThan(28_000);
    expect(lifeMs).toBeLessThan(40_000);
  });

  it('gives one to a page of an allowed origin, and to no other page and no program', async () => {
    await start({ ...SECRET, ALLOWED_ORIGINS: 'https://app.example' });
    const statuses = await Promise.all(
      [{ origin: 'https://app.example' }, { origin: 'https://evil.example' }, { origin: 'null' }, {}].map(
        async (headers) => (await ask(headers as Record<string, string>)).status,
      ),
    );
    expect(statuses).toEqual([201, 403, 403, 403]);
  });

  it('with a token of the operator, gives tokens only to who has it, whatever the page', async () => {
    await start({ ...SECRET, SESSION_TOKEN_ISSUER_TOKEN: ISSUER });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect((await ask(bearer(ISSUER))).status).toBe(201);
    for (const headers of [
      {},
      { origin: server.origin },
      bearer('token-of-somebody-else'),
      bearer(`${ISSUER}x`),
      { authorization: ISSUER },
    ]) {
      const answer = await ask(headers as Record<string, string>);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
  });

  it('asks the guard that a deployer put in place of the default one', async () => {
    await start(SECRET, { tokenIssuer: CookieGuard });
    const refused = await ask({ origin: server.origin });
    expect([refused.status, await refused.json()]).toEqual([401, { message: 'Please sign in.' }]);
    expect((await ask({ cookie: 'signed-in-at=127.0.0.1' })).status).toBe(201);
  });

  it.each([undefined, {}, { purpose: 'everything' }, [], 'conversation'])('refuses the body %j', async (body) => {
    await start();
    expect((await ask({ origin: server.origin }, body ?? null)).status).toBe(400);
  });

  it('is not there where no tokens are needed', async () => {
    await start({});
    const answer = await ask({ origin: server.origin });
    expect([answer.status, await answer.json()]).toEqual([404, { message: 'This server needs no session tokens.' }]);
  });
});
