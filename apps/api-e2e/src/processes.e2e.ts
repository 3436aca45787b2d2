import { readFileSync } from 'node:fs';
import type { Simulator } from '@parley/simulator';
import { ConversationClient, poll, ServerProcess, violationsIn } from '@parley/testing/client';
import { startVendors, vendorEnvironment } from './support/keyed-server';

jest.setTimeout(240_000);

const WITHIN_MS = 60_000;

let vendors: Simulator;
beforeAll(async () => (vendors = await startVendors()));
afterAll(() => vendors.close());

const start = (env: Record<string, string> = {}): Promise<ServerProcess> =>
  ServerProcess.start({ ...vendorEnvironment(vendors), SERVER_PROCESSES: '2', ...env });

async function conversations(server: ServerProcess, count: number): Promise<ConversationClient[]> {
  const clients: ConversationClient[] = [];
  for (let made = 0; made < count; made++) {
    const client = await ConversationClient.connect(server.url);
    await client.start();
    clients.push(client);
  }
  return clients;
}

async function isAnswered(client: ConversationClient, turn: number): Promise<void> {
  client.send({ type: 'text_message', text: 'what is seven plus five' });
  expect((await client.answerOf(turn, WITHIN_MS)).text).toMatch(/twelve/);
}

const metrics = async ({ url }: ServerProcess): Promise<(sample: string) => number> => {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return (sample) => Number(lines.find((each) => each.startsWith(`${sample} `))?.slice(sample.length));
};

const reaches = (server: ServerProcess, sample: string, wanted: number): Promise<unknown> =>
  poll(
    `${sample} ${wanted}`,
    async () => (await metrics(server))(sample),
    (value) => value === wanted,
    WITHIN_MS,
  );

/** The ids of the processes that the supervisor has started. */
const childrenOf = ({ pid }: ServerProcess): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);

describe('Several processes behind one port', () => {
  it('share the conversations, and one that is killed takes only its own with it and is replaced', async () => {
    const server = await start();
    const clients = await conversations(server, 6);
    await reaches(server, 'parley_sessions', 6);
    expect((await metrics(server))('parley_server_processes')).toBe(2);
    await Promise.all(clients.map((client) => isAnswered(client, 1)));
    await reaches(server, 'parley_turns_total{outcome="answered"}', 6);

    const closed = new Set<ConversationClient>();
    for (const client of clients) void client.closed(WITHIN_MS * 4).then(() => closed.add(client));
    const [victim] = childrenOf(server);
    process.kill(victim, 'SIGKILL');
    await poll(
      'the loss',
      async () => closed.size,
      (count) => count > 0,
      WITHIN_MS,
    );
    const left = clients.filter((client) => !closed.has(client));
    expect(left).toHaveLength(3);
    await Promise.all(left.map((client) => isAnswered(client, 2)));
    expect(left.flatMap((client) => violationsIn(client.inbox))).toEqual([]);

    await reaches(server, 'parley_server_processes', 2);
    await reaches(server, 'parley_sessions', 3);
    const sums = await metrics(server);
    // What the killed process had counted is not lost.
    expect(sums('parley_turns_total{outcome="answered"}')).toBe(9);
    expect(sums('parley_server_processes_ended_total')).toBe(1);
    const late = await conversations(server, 2);
    await Promise.all(late.map((client) => isAnswered(client, 1)));
    await Promise.all([...left, ...late].map((client) => client.close()));
    expect(await server.terminate(WITHIN_MS)).toBe(0);
    await server.stop();
  });

  it('all drain when the supervisor is told to stop', async () => {
    const server = await start({ DRAIN_SECONDS: '600' });
    const clients = await conversations(server, 2);
    const stopped = server.terminate(WITHIN_MS * 2);
    for (const client of clients) {
      await client.inbox.waitFor('the notice', () => client.inbox.messages('notice')[0], WITHIN_MS);
      await isAnswered(client, 1);
      client.send({ type: 'end_conversation' });
      expect(await client.closed(WITHIN_MS)).toBe(1_000);
    }
    expect(await stopped).toBe(0);
    await server.stop();
  });

  it('do not start with a mistake in the settings, which is reported once', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({ SERVER_PROCESSES: '2', DRAIN_SECONDS: '-1' });
    expect(exitCode).toBe(1);
    expect(output.match(/DRAIN_SECONDS/g)).toHaveLength(1);
  });

  it('do not start for rooms without Redis, and say what is missing', async () => {
    const rooms = { LIVEKIT_URL: 'ws://127.0.0.1:9', LIVEKIT_API_KEY: 'devkey', LIVEKIT_API_SECRET: 'a-secret-of-at-least-32-characters' };
    const { exitCode, output } = await ServerProcess.runToExit({ SERVER_PROCESSES: '2', ...rooms });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/REDIS_URL/);
  });
});
