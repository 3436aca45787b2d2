import { FakeProviders } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../testing/test-server';
import { OperationsPort } from './operations-port';

const TOKEN = 'token-of-prometheus';

describe('the endpoints for operators', () => {
  let logger: RecordingLogger;
  let server: TestServer | undefined;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(async () => {
    await server?.close();
    logger.restore();
  });

  async function start(environment: Record<string, string>): Promise<{ main: string; own: string; running: TestServer }> {
    const running = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(environment));
    server = running;
    const port = running.app.get(OperationsPort, { strict: false }).number;
    return { main: running.origin, own: `http://127.0.0.1:${port}`, running };
  }
  const status = async (address: string, authorization?: string): Promise<number> =>
    (await fetch(address, { headers: { ...(authorization !== undefined && { authorization }) } })).status;

  it('serve the metrics to whoever has the token', async () => {
    const { main } = await start({ METRICS_TOKEN: TOKEN });
    const statuses = await Promise.all(
      [undefined, 'Bearer other', `Bearer ${TOKEN}x`, TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}`].map((sent) =>
        status(`${main}/metrics`, sent),
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 200]);
    expect(await status(`${main}/api/health`)).toBe(200);
    expect(logger.text).not.toContain(TOKEN);
  });

  it('serve the metrics on a port of their own only, and nothing else there but health and readiness', async () => {
    const { main, own } = await start({ OPERATIONS_PORT: '0' });
    expect(await (await fetch(`${own}/metrics`)).text()).toContain('parley_connections');
    expect(await Promise.all(['/metrics', '/metrics?x', '/metrics/', '/METRICS'].map((path) => status(main + path)))).toEqual([
      404, 404, 404, 404,
    ]);
    expect(await Promise.all(['/api/health', '/api/ready'].map((path) => status(own + path)))).toEqual([200, 200]);
    expect(await Promise.all(['/', '/api/config', '/api/narrations', '/api/session-tokens'].map((path) => status(own + path)))).toEqual([
      404, 404, 404, 404,
    ]);
    expect(await Promise.all(['/api/health', '/api/ready'].map((path) => status(main + path)))).toEqual([200, 200]);
  });

  it('need the token on their own port too', async () => {
    const { own } = await start({ OPERATIONS_PORT: '0', METRICS_TOKEN: TOKEN });
    expect([await status(`${own}/metrics`), await status(`${own}/metrics`, `Bearer ${TOKEN}`)]).toEqual([401, 200]);
  });

  it('close their port with the server', async () => {
    const { own, running } = await start({ OPERATIONS_PORT: '0' });
    expect(await status(`${own}/api/health`)).toBe(200);
    server = undefined;
    await running.close();
    await expect(fetch(`${own}/api/health`)).rejects.toThrow();
  });

  it('are open on the server’s port when nothing is set', async () => {
    const { main, running } = await start({});
    expect([await status(`${main}/metrics`), running.app.get(OperationsPort, { strict: false }).number]).toEqual([200, undefined]);
  });
});
