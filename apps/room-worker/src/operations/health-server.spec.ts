import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { ProviderSwitches } from '@parley/server';
import { Registry } from 'prom-client';
import type { WorkerState } from '../rooms/worker-host';
import { StartFailure } from '../start-failure';
import { HealthServer } from './health-server';
import { WorkerMetrics } from './worker-metrics';

const STATE: WorkerState = {
  ...{ slots: 16, rooms: 3, reserved: 1, load: 0.1725, eventLoopDelayMs: 4 },
  ...{ isRegistered: true, isDraining: false },
};

describe('HealthServer', () => {
  let state: WorkerState;
  let server: HealthServer | undefined;

  beforeEach(() => {
    state = { ...STATE };
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  });

  afterEach(() => {
    server?.onApplicationShutdown();
    jest.restoreAllMocks();
  });

  async function start(workerHealthPort: number | undefined = 0): Promise<HealthServer> {
    const host = { state: () => state };
    const metrics = new WorkerMetrics(new Registry(), host, new ProviderSwitches());
    server = new HealthServer({ host: '127.0.0.1' }, { workerHealthPort }, host, metrics);
    await server.onApplicationBootstrap();
    return server;
  }

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${server?.port}${path}`, init);

  it.each(['/live', '/api/health', '/live?probe=1'])(
    'answers %s for as long as the process runs, also while it takes no rooms',
    async (path) => {
      await start();
      state = { ...STATE, isRegistered: false, isDraining: true };
      const response = await get(path);
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    },
  );

  it.each(['/ready', '/api/ready'])('says on %s that rooms are taken, and how many there are', async (path) => {
    await start();
    const response = await get(path);
    expect([response.status, await response.json()]).toEqual([
      200,
      { ready: true, isRegistered: true, isDraining: false, rooms: 3, slots: 16 },
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['is not known to the media server', { isRegistered: false }],
    ['drains', { isDraining: true }],
  ])('is not ready while the worker %s', async (_, change) => {
    await start();
    state = { ...STATE, ...change };
    const response = await get('/ready');
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ ready: false, ...change })]);
  });

  it('serves the state of the worker as metrics, as it is at that moment', async () => {
    await start();
    const loadOf = async (): Promise<string | undefined> =>
      /^parley_room_worker_load (\S+)$/m.exec(await (await get('/metrics')).text())?.[1];
    expect(await loadOf()).toBe('0.1725');
    state = { ...STATE, load: 0.69 };
    expect(await loadOf()).toBe('0.69');
    expect((await get('/metrics')).headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it('knows no other paths and changes nothing for anybody', async () => {
    await start();
    expect((await get('/')).status).toBe(404);
    const refused = await get('/live', { method: 'POST', body: '{}' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await get('/ready', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('listens nowhere without a port', async () => {
    server = new HealthServer(
      { host: '127.0.0.1' },
      { workerHealthPort: undefined },
      { state: () => state },
      { text: () => Promise.resolve('') },
    );
    await server.onApplicationBootstrap();
    expect(server.port).toBeUndefined();
  });

  it('keeps the worker from starting when somebody else has the port, and says which', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const starting = start(port);
    await expect(starting).rejects.toThrow(StartFailure);
    await expect(starting).rejects.toThrow(`ROOM_WORKER_HEALTH_PORT ${port} on HOST 127.0.0.1 cannot be listened on: EADDRINUSE`);
    other.close();
  });

  it('ends open connections when the program ends', async () => {
    await start();
    const { port } = server as HealthServer;
    const response = await get('/live');
    await response.text();
    server?.onApplicationShutdown();
    await expect(fetch(`http://127.0.0.1:${port}/live`)).rejects.toThrow();
  });
});
