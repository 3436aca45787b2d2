import { LiveKitServer } from './livekit-server';

const isUp = (server: LiveKitServer): Promise<boolean> =>
  fetch(server.httpUrl, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

describe('the LiveKit server of the tests', () => {
  let server: LiveKitServer;

  beforeEach(async () => {
    server = await LiveKitServer.start();
  });

  afterEach(() => server.stop());

  it('answers, and two of them do not disturb each other', async () => {
    const other = await LiveKitServer.start();
    expect(other.url).not.toBe(server.url);
    expect([await isUp(server), await isUp(other)]).toEqual([true, true]);
    await other.stop();
    expect([await isUp(server), await isUp(other)]).toEqual([true, false]);
  });

  it('is there again at the same address after it was killed', async () => {
    const { url } = server;
    await server.kill();
    expect(await isUp(server)).toBe(false);
    await server.restart();
    expect(await isUp(server)).toBe(true);
    expect(server.url).toBe(url);
  });

  it('does not answer while it is frozen, and can be stopped then', async () => {
    server.freeze();
    expect(await isUp(server)).toBe(false);
    server.thaw();
    expect(await isUp(server)).toBe(true);
    server.freeze();
    await expect(server.stop()).resolves.toBeUndefined();
  });

  it('says in its error why it did not start', async () => {
    await expect(LiveKitServer.start({ ports: server.ports })).rejects.toThrow('address already in use');
    await expect(LiveKitServer.start({ command: () => ['/no/such/program'] })).rejects.toThrow('/no/such/program cannot be run');
  });
});
