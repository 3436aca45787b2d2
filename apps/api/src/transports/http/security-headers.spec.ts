import { request as httpRequest } from 'node:http';
import { FakeProviders } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../../testing/test-server';

const LIVEKIT = { LIVEKIT_URL: 'ws://127.0.0.1:1', LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'secret_secret_secret_secret_secret' };

describe('the headers of every answer', () => {
  let logger: RecordingLogger;
  let server: TestServer;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(async () => {
    await server.close();
    logger.restore();
  });

  async function start(environment: Record<string, string> = {}): Promise<void> {
    server = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(environment));
  }
  const get = (path: string): Promise<Response> => fetch(`${server.origin}${path}`);
  /** The sources of a directive of the policy. */
  async function sources(directive: string): Promise<string | undefined> {
    const policy = (await get('/api/config')).headers.get('content-security-policy') ?? '';
    return policy.split(';').find((part) => part.startsWith(`${directive} `));
  }

  it.each(['/', '/api/health', '/api/config', '/api/nothing', '/api/narrations/nothing', '/metrics', '/assistant'])(
    'protect the page and do not tell what the server is made of, at %s',
    async (path) => {
      await start();
      const { headers } = await get(path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('microphone=(self)');
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    },
  );

  it('are also on an answer to a request that is refused', async () => {
    await start();
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const request = httpRequest(`${server.origin}/`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve({ ...response.headers, status: response.statusCode });
      });
      request.on('error', reject).end();
    });
    expect(headers).toMatchObject({ status: 403, 'content-security-policy': expect.any(String) });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('allow no inline script, no eval and no other server, and turn nothing into https', async () => {
    await start();
    expect(await sources('script-src')).toBe("script-src 'self' blob:");
    expect(await sources('script-src-attr')).toBe("script-src-attr 'none'");
    expect(await sources('connect-src')).toBe("connect-src 'self'");
    const { headers } = await get('/');
    expect(headers.get('content-security-policy')).not.toMatch(/upgrade-insecure-requests|unsafe-eval/);
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it.each([
    [{}, 'ws://127.0.0.1:1 http://127.0.0.1:1'],
    [{ LIVEKIT_PUBLIC_URL: 'wss://rooms.example' }, 'wss://rooms.example https://rooms.example'],
    [{ LIVEKIT_PUBLIC_URL: 'https://rooms.example:7443/path' }, 'wss://rooms.example:7443 https://rooms.example:7443'],
    [{ LIVEKIT_PUBLIC_URL: 'wss://mine.livekit.cloud' }, 'wss://*.livekit.cloud https://*.livekit.cloud'],
  ])('let the page connect to the media server of its rooms (%j)', async (environment, allowed) => {
    await start({ ...LIVEKIT, ...environment });
    expect(await sources('connect-src')).toBe(`connect-src 'self' ${allowed}`);
  });
});
