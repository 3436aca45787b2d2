import { RecordingLogger, testSettings } from '@parley/server/testing';
import { FakeProviders } from '@parley/engine/testing';
import { TestServer } from '../../testing/test-server';
import { LoadMonitor } from './load/load-monitor';

const START = { type: 'start_conversation' };

describe('the limits of a server', () => {
  let logger: RecordingLogger;
  let server: TestServer;

  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(async () => {
    await server.close();
    logger.restore();
  });

  const startServer = async (environment: Record<string, string> = {}): Promise<void> => {
    server = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(environment));
  };
  const becomesBusy = (isBusy: boolean): void => {
    const monitor = server.app.get(LoadMonitor, { strict: false });
    jest.spyOn(monitor, 'admit').mockImplementation(async () => !isBusy);
  };
  const refusals = async (): Promise<string> => await (await fetch(`${server.origin}/metrics`)).text();
  const post = (path: string): Promise<Response> => fetch(`${server.origin}${path}`, { method: 'POST' });

  it.each([
    ['a conversation', '/ws', START],
    ['a conversation with the agent', '/ws/agent', { type: 'heartbeat' }],
    ['a narration', '/ws/narration', { type: 'start_narration' }],
  ])('refuses %s in band while the server is busy, and says when to come back', async (_what, path, message) => {
    await startServer();
    becomesBusy(true);
    const client = await server.connect({}, path);
    client.say(message);
    expect(await client.hears('error')).toMatchObject({ code: 'server_busy', fatal: true, retry_after_ms: 5_000 });
    expect(await client.closed()).toBe(1013);
    expect(client.of('conversation_started')).toEqual([]);
    expect(await refusals()).toContain('parley_refusals_total{reason="load"} 1');
  });

  it('lets those inside go on while the server is busy, and takes new conversations when it no longer is', async () => {
    await startServer();
    const inside = await server.connect();
    inside.say(START);
    await inside.hears('conversation_started');
    becomesBusy(true);
    const outside = await server.connect();
    outside.say(START);
    expect(await outside.closed()).toBe(1013);
    inside.say({ type: 'text_message', text: 'hello' });
    await inside.hears('text_response');
    becomesBusy(false);
    const later = await server.connect();
    later.say(START);
    await later.hears('conversation_started');
    expect(inside.closeCode).toBeUndefined();
  });

  it.each(['/api/narrations', '/api/rooms', '/api/voices/clara/preview'])(
    'answers POST %s with 503 and Retry-After while the server is busy',
    async (path) => {
      await startServer();
      becomesBusy(true);
      const response = await post(path);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await response.json()).toEqual({ message: expect.stringContaining('try again') });
    },
  );

  it('counts what an address begins over sockets and over HTTP together', async () => {
    await startServer({ MAX_STARTS_PER_MINUTE: '2' });
    for (let begun = 0; begun < 2; begun++) {
      const client = await server.connect();
      client.say(START);
      await client.hears('conversation_started');
    }
    const client = await server.connect();
    client.say(START);
    const { code, fatal, retry_after_ms } = await client.hears('error');
    expect([code, fatal, (retry_after_ms ?? 0) > 0 && (retry_after_ms ?? 0) <= 60_000]).toEqual(['rate_limited', true, true]);
    expect(await client.closed()).toBe(1008);
    const response = await post('/api/narrations');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not count requests that only read', async () => {
    await startServer({ MAX_STARTS_PER_MINUTE: '1' });
    for (let read = 0; read < 5; read++) expect((await fetch(`${server.origin}/api/narrations/options`)).status).not.toBe(429);
    expect((await post('/api/narrations')).status).toBe(400);
  });

  it('ends the connection that holds most of the unfinished messages of its address, and no other', async () => {
    await startServer({ MAX_UNSTARTED_BYTES_PER_ADDRESS: '262144', START_TIMEOUT_MS: '600000' });
    const honest = await server.connect();
    const [small, large] = [await server.connect(), await server.connect({}, '/ws/narration')];
    large.socket.send('x'.repeat(180_000), { fin: false });
    small.socket.send('x'.repeat(100_000), { fin: false });
    expect(await large.hears('error')).toMatchObject({ code: 'rate_limited', fatal: true });
    expect(await large.closed()).toBe(1008);
    honest.say(START);
    await honest.hears('conversation_started');
    expect(small.closeCode).toBeUndefined();
    expect(await refusals()).toContain('parley_refusals_total{reason="address_unstarted_bytes"} 1');
  });

  it('closes a connection on which nothing is started', async () => {
    await startServer({ START_TIMEOUT_MS: '1000' });
    const client = await server.connect();
    expect(await client.hears('error')).toMatchObject({ code: 'not_started', fatal: true });
    expect(await client.closed()).toBe(1000);
    expect(await refusals()).toContain('parley_refusals_total{reason="start_timeout"} 1');
  });
});
