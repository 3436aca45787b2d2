import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { Simulator } from '@parley/simulator';
import { ConversationClient, poll, ServerProcess, violationsIn } from '@parley/testing/client';
import { startVendors, vendorEnvironment } from './support/keyed-server';
import { LimitedServer } from './support/limited-server';

jest.setTimeout(360_000);

const WITHIN_MS = 60_000;
const PROVOKED = { NODE_OPTIONS: `--import ${join(__dirname, 'support/provoke-errors.mjs')}` };

let vendors: Simulator;
beforeAll(async () => (vendors = await startVendors()));
afterAll(() => vendors.close());

async function conversation({ url }: { url: string }): Promise<ConversationClient> {
  const client = await ConversationClient.connect(url);
  await client.start();
  return client;
}

async function isAnswered(client: ConversationClient, turn = 1): Promise<void> {
  client.send({ type: 'text_message', text: 'what is seven plus five' });
  expect((await client.answerOf(turn, WITHIN_MS)).text).toMatch(/twelve/);
}

const metric = async ({ url }: { url: string }, sample: string): Promise<number> => {
  const line = (await (await fetch(`${url}/metrics`)).text()).split('\n').find((each) => each.startsWith(`${sample} `));
  return Number(line?.slice(sample.length));
};

/** In place of `stop`, which would take the errors for defects of the server. */
const discardLog = ({ logFile }: ServerProcess): void => rmSync(dirname(logFile), { recursive: true });

describe('An error that nothing in the server catches', () => {
  it.each(['throw in a timer', 'reject without a handler'])('ends the conversation that it belongs to, and no other: %s', async (text) => {
    const server = await ServerProcess.start({ ...vendorEnvironment(vendors), ...PROVOKED });
    const [broken, other] = [await conversation(server), await conversation(server)];
    broken.send({ type: 'text_message', text: `please ${text}` });
    expect(await broken.closed(WITHIN_MS)).toBe(1_011);
    expect(broken.inbox.messages('error')).toMatchObject([{ code: 'internal', fatal: true }]);
    expect(broken.inbox.messages('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'error' }]);
    expect(violationsIn(broken.inbox)).toEqual([]);

    await isAnswered(other);
    expect(await metric(server, 'parley_uncaught_errors_total{ended="conversation"}')).toBe(1);
    expect(await metric(server, 'parley_sessions')).toBe(1);
    const { conversation_id: id } = broken.inbox.messages('conversation_started')[0];
    expect(server.log()).toMatch(new RegExp(`an uncaught error has ended a conversation conversationId=${id} error=TypeError`));
    expect(server.log()).not.toContain('provoked by a test');
    await other.close();
    expect(await server.terminate(WITHIN_MS)).toBe(0);
    discardLog(server);
  });

  it('and that belongs to no conversation ends the process with 1, after a notice', async () => {
    const server = await ServerProcess.start({ ...vendorEnvironment(vendors), ...PROVOKED });
    const client = await conversation(server);
    server.signal('SIGUSR2');
    expect(await client.closed(WITHIN_MS)).toBe(1_001);
    expect(client.inbox.messages('notice')).toMatchObject([{ code: 'server_closing' }]);
    expect(await server.exited(WITHIN_MS)).toBe(1);
    expect(server.log()).toContain('an uncaught error ends the process');
    discardLog(server);
  });
});

describe('A server without file descriptors', () => {
  it('keeps those that are connected, says so once, and takes new ones when it has some again', async () => {
    const server = await LimitedServer.start(vendorEnvironment(vendors), { descriptors: 120 });
    const inside = await conversation(server);
    const { hostname, port } = new URL(server.url);
    const flood = Array.from({ length: 300 }, (): Socket => connect(Number(port), hostname).on('error', () => undefined));
    const times = (words: string): number => server.log().split(words).length - 1;
    await poll(
      'the line',
      async () => times('no file descriptors are left'),
      (count) => count > 0,
      WITHIN_MS,
    );
    inside.send({ type: 'heartbeat' });
    await inside.inbox.waitFor('the heartbeat', () => inside.inbox.messages('heartbeat')[0], WITHIN_MS);
    for (const socket of flood) socket.destroy();
    await poll(
      'the recovery',
      async () => times('file descriptors again'),
      (count) => count > 0,
      WITHIN_MS,
    );
    await isAnswered(inside);
    const late = await conversation(server);
    await isAnswered(late);
    expect(times('no file descriptors are left')).toBe(1);
    await Promise.all([inside.close(), late.close()]);
    expect(await server.stop()).toBe(0);
  });
});

describe('A server whose log cannot be written', () => {
  it('goes on, as when the disk is full', async () => {
    const server = await LimitedServer.start(vendorEnvironment(vendors), { logFile: '/dev/full' });
    const client = await conversation(server);
    await isAnswered(client);
    await client.close();
    expect(await server.stop()).toBe(0);
  });
});
