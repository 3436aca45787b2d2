import { type Server, ServerProcess } from '@parley/testing/client';
import { RawClient, type RawResponse, upgradeRequest } from './support/raw-client';

const EVIL = 'evil.example';

/** The response to a plain HTTP request with this `Host` header. */
async function get(server: Server, path: string, host: string): Promise<RawResponse> {
  const client = await RawClient.connect(server);
  client.read();
  client.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const response = await client.response();
  client.destroy();
  return response;
}

/** The answer to an upgrade: its status, or `greeted` when the server has begun a conversation. */
async function upgrade(server: Server, path: string, headers: Record<string, string>): Promise<string | number> {
  const client = await RawClient.connect(server);
  client.read();
  client.write(upgradeRequest(server, { path, headers }));
  const isAnswered = (text: string): boolean =>
    text.includes('connection_established') || client.closeCode !== undefined || (text !== '' && !client.isOpen);
  await client.receives(isAnswered, 'an answer');
  const text = client.received.toString('latin1');
  client.destroy();
  if (text.includes('connection_established')) return 'greeted';
  return client.closeCode ?? Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
}

describe('A server without configured hosts', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '1' });
  });
  afterAll(() => server.stop());
  const port = (): string => new URL(server.url).port;

  it.each(['/', '/api/config', '/api/health', '/api/ready', '/metrics', '/nothing'])(
    'refuses %s to an unknown host name that resolves to it, and reveals nothing',
    async (path) => {
      for (const host of [EVIL, `${EVIL}:${port()}`, 'localhost.evil.example', `192.0.2.7:${port()}`]) {
        const { status, headers, body } = await get(server, path, host);
        expect(status).toBe(403);
        expect(headers.get('content-type')).toMatch(/^text\/plain/);
        expect(body).not.toMatch(/parley_|<html|"/);
      }
    },
  );

  it.each(['/ws', '/ws/agent'])(
    'refuses conversations on %s to a page on an unknown host, even if it looks like its own page',
    async (path) => {
      for (const host of [EVIL, `${EVIL}:${port()}`]) {
        expect(await upgrade(server, path, { host, origin: `http://${host}` })).toBe(403);
        expect(await upgrade(server, path, { host })).toBe(403);
      }
    },
  );

  it.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])('answers to %s, at any port, with and without a page', async (name) => {
    for (const host of [name, `${name}:${port()}`, `${name}:4200`]) {
      expect((await get(server, '/api/health', host)).status).toBe(200);
      expect(await upgrade(server, '/ws', { host })).toBe('greeted');
      expect(await upgrade(server, '/ws', { host, origin: `http://${host}` })).toBe('greeted');
    }
  });

  it('refuses a page of its own host with another scheme, whatever proxy headers the client sends', async () => {
    const host = `localhost:${port()}`;
    expect(await upgrade(server, '/ws', { host, origin: `https://${host}` })).toBe(1008);
    expect(await upgrade(server, '/ws', { host, origin: `https://${host}`, 'x-forwarded-proto': 'https' })).toBe(1008);
    expect(await upgrade(server, '/ws', { host, origin: `http://${EVIL}` })).toBe(1008);
  });
});

describe('A server with configured hosts', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({
      SIMULATOR_RECOGNISERS: '1',
      ALLOWED_HOSTS: 'parley.example, 192.0.2.7',
      ALLOWED_ORIGINS: 'https://app.example',
      TRUST_PROXY: 'true',
    });
  });
  afterAll(() => server.stop());

  it.each(['parley.example', 'parley.example:8443', '192.0.2.7', 'app.example', 'localhost'])('answers to %s', async (host) => {
    expect((await get(server, '/api/health', host)).status).toBe(200);
    expect(await upgrade(server, '/ws', { host })).toBe('greeted');
  });

  it.each([EVIL, 'sub.parley.example', '192.0.2.8'])('refuses %s', async (host) => {
    expect((await get(server, '/api/health', host)).status).toBe(403);
    expect(await upgrade(server, '/ws', { host })).toBe(403);
  });

  it('accepts its own page with the scheme of the request to the proxy', async () => {
    const page = { host: 'parley.example', origin: 'https://parley.example' };
    expect(await upgrade(server, '/ws', { ...page, 'x-forwarded-proto': 'https' })).toBe('greeted');
    expect(await upgrade(server, '/ws', { ...page, 'x-forwarded-proto': 'http' })).toBe(1008);
    expect(await upgrade(server, '/ws', page)).toBe(1008);
  });
});
