import { RawClient, type UpgradeOptions, upgradeRequest } from '../client/raw-client';
import { sleep } from '../client/sleep';
import { type Attack, type AttackOptions, type AttackTally, count, scaled, several } from './attack';

const CONNECTIONS_AT_ONCE = 50;

const SLOW_UPGRADES = 500;
const SLOW_SECONDS = 20;
const REFUSED_UPGRADES = 2_000;

/** Upgrade requests that come a byte at a time. */
export const SLOW_LORIS: Attack = {
  name: 'slow-loris upgrades',
  run: async ({ server, scale, from }) => {
    const tally: AttackTally = {};
    const request = upgradeRequest(server);
    const clients: RawClient[] = [];
    await several(scaled(SLOW_UPGRADES, scale), CONNECTIONS_AT_ONCE, async () => void clients.push(await RawClient.connect(server, from)));
    for (const client of clients) client.read();
    for (let sent = 0; sent < scaled(SLOW_SECONDS, scale); sent++) {
      for (const client of clients) client.write(request.subarray(sent, sent + 1));
      await sleep(1_000);
    }
    for (const client of clients) {
      count(tally, client.isOpen ? 'still waited for' : 'closed by the server');
      client.destroy();
    }
    return tally;
  },
};

/** Upgrades that must be refused, each reset at another moment. */
export const REFUSED_AND_RESET: Attack = {
  name: 'refused upgrades with reset',
  run: async ({ server, scale, from, random }) => {
    const tally: AttackTally = {};
    const mistakes: readonly UpgradeOptions[] = [
      { headers: { host: 'evil.example' } },
      { headers: { host: '[' } },
      { headers: { origin: 'https://evil.example' } },
      { headers: { 'sec-websocket-key': 'AAAA' } },
      { headers: { 'sec-websocket-version': '99' } },
      { path: '//[' },
      { path: '/nothing' },
    ];
    const refused = mistakes.map((options) => upgradeRequest(server, options));
    const moments = Array.from({ length: scaled(REFUSED_UPGRADES, scale) }, () => Math.floor(random() * 4));
    await several(moments.length, CONNECTIONS_AT_ONCE, async (index) => {
      const client = await RawClient.connect(server, from);
      const request = refused[index % refused.length] ?? Buffer.alloc(0);
      client.write(request);
      if (moments[index] === 1) await new Promise((resolve) => setImmediate(resolve));
      if (moments[index] === 2) await sleep(2);
      if (moments[index] === 3) client.write(Buffer.alloc(10_000, 'x'));
      client.reset();
      count(tally, 'reset');
    });
    return tally;
  },
};

const IDLE_SOCKETS = 2_000;
const HALF_SENT_SOCKETS = 500;
const HELD_SECONDS = 15;
/** Below the limit before a conversation, which is 192 KiB. */
const CLAIMED_BYTES = 180_000;
const SENT_BYTES = 150_000;

/** Sockets that do nothing, half of them WebSockets, and such as began a message and do not end it. */
export const IDLE_AND_HALF_SENT: Attack = {
  name: 'idle and half-sent sockets',
  run: async (options) => {
    const { scale } = options;
    const tally: AttackTally = {};
    const clients: RawClient[] = [];
    const unfinished = Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(SENT_BYTES, ' ')]);
    unfinished.writeBigUInt64BE(BigInt(CLAIMED_BYTES), 2);
    await several(scaled(IDLE_SOCKETS, scale), CONNECTIONS_AT_ONCE, async (index) => {
      const client = index % 2 === 0 ? await connected(options, tally) : await upgraded(options, tally);
      if (client) clients.push(client);
    });
    await several(scaled(HALF_SENT_SOCKETS, scale), CONNECTIONS_AT_ONCE, async () => {
      const client = await upgraded(options, tally);
      client?.write(unfinished);
      if (client) clients.push(client);
    });
    await sleep(scaled(HELD_SECONDS, scale) * 1_000);
    for (const client of clients) {
      count(tally, client.isOpen ? 'held to the end' : 'closed by the server');
      client.destroy();
    }
    return tally;
  },
};

/** Undefined when the server does not take the connection, which it may refuse. */
async function connected({ server, from }: AttackOptions, tally: AttackTally): Promise<RawClient | undefined> {
  const client = await RawClient.connect(server, from).catch(() => undefined);
  if (client) client.read();
  else count(tally, 'not connected');
  return client;
}

async function upgraded(options: AttackOptions, tally: AttackTally): Promise<RawClient | undefined> {
  const client = await connected(options, tally);
  client?.write(upgradeRequest(options.server));
  await client?.receives((text) => text.includes('\r\n\r\n') || !client.isOpen, 'an answer to the upgrade');
  return client;
}
