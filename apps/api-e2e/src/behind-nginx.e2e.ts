import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConversationClient, poll, RawClient, ServerProcess, upgradeRequest } from '@parley/testing/client';
import { NginxServer } from '@parley/testing/servers';

const CONFIGURATION = readFileSync(join(__dirname, '../../../deploy/proxy/api.conf'), 'utf8');
const CONVERSATIONS = 6;
const QUESTION = 'what is seven plus five';
const SPREAD_TIMEOUT_MS = 20_000;
/** The proxy asks a server that was away again after five seconds. */
const BACK_TIMEOUT_MS = 40_000;

describe('Two servers behind nginx, as deploy/proxy/api.conf has them', () => {
  let servers: ServerProcess[] = [];
  let proxy: NginxServer;

  beforeAll(async () => {
    servers = await Promise.all([0, 1].map(() => ServerProcess.start({ SIMULATOR_RECOGNISERS: '1', TRUST_PROXY: 'true' })));
    proxy = await NginxServer.start(
      CONFIGURATION,
      servers.map(({ url }) => url),
    );
  }, 180_000);
  afterAll(async () => {
    await proxy.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }, 60_000);

  const connected = async (): Promise<ConversationClient> => {
    const client = await ConversationClient.connect(proxy.url, { playbackSpeed: 20 });
    await client.start();
    return client;
  };
  const severalConnected = async (): Promise<ConversationClient[]> => {
    const clients: ConversationClient[] = [];
    for (let count = 0; count < CONVERSATIONS; count++) clients.push(await connected());
    return clients;
  };
  const sessionsOn = async (server: ServerProcess): Promise<number> => (await server.resources()).parley_sessions;
  const answers = async (client: ConversationClient): Promise<string> => (await client.ask(QUESTION)).text;

  it('hold conversations on both, spread evenly, without anything that binds a client to one of them', async () => {
    const clients = await severalConnected();
    expect(await Promise.all(servers.map(sessionsOn))).toEqual([CONVERSATIONS / 2, CONVERSATIONS / 2]);
    for (const text of await Promise.all(clients.map(answers))) expect(text).toContain('twelve');
    await Promise.all(clients.map((client) => client.close()));
    await poll(
      'the end of the conversations',
      () => Promise.all(servers.map(sessionsOn)),
      (counts) => counts.every((count) => count === 0),
      SPREAD_TIMEOUT_MS,
    );
  }, 120_000);

  it('lose only the conversations of the one that is killed; the others go on, and new ones are taken by the one that is left', async () => {
    const clients = await severalConnected();
    await servers[0].kill();
    const lost = (): ConversationClient[] => clients.filter(({ isOpen }) => !isOpen);
    await poll(
      'the loss of half of the conversations',
      async () => lost().length,
      (count) => count === CONVERSATIONS / 2,
      SPREAD_TIMEOUT_MS,
    );
    for (const text of await Promise.all(clients.filter(({ isOpen }) => isOpen).map(answers))) expect(text).toContain('twelve');
    const later = await severalConnected();
    expect(await answers(later[0])).toContain('twelve');
    expect(await sessionsOn(servers[1])).toBe(CONVERSATIONS + CONVERSATIONS / 2);
    for (const client of [...clients, ...later]) client.terminate();
  }, 120_000);

  it('refuse a conversation with a complete answer when neither is there, and take them again when one has come back', async () => {
    await servers[1].terminate();
    const client = await RawClient.connect(proxy);
    client.read();
    client.write(upgradeRequest(proxy, { headers: { connection: 'Upgrade, close' } }));
    await client.receives((text) => text.includes('</html>') || !client.isOpen, 'the refusal');
    expect(client.received.toString('latin1')).toMatch(/^HTTP\/1\.1 50[234] /);
    client.destroy();

    await servers[1].restart();
    const back = await poll('a conversation', () => connected().catch(() => undefined), Boolean, BACK_TIMEOUT_MS);
    expect(back && (await answers(back))).toContain('twelve');
    await back?.close();
    await servers[0].restart();
  }, 180_000);
});
