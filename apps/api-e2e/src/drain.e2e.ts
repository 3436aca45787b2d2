import type { Simulator } from '@parley/simulator';
import { ConversationClient, poll, type ServerProcess, violationsIn } from '@parley/testing/client';
import { startKeyedServer, startVendors } from './support/keyed-server';

jest.setTimeout(240_000);

const READY_MS = 30_000;
const END_MS = 120_000;

let vendors: Simulator;
beforeAll(async () => (vendors = await startVendors()));
afterAll(() => vendors.close());

const start = (drainSeconds: number): Promise<ServerProcess> => startKeyedServer(vendors, {}, { DRAIN_SECONDS: String(drainSeconds) });

const isDraining = async (server: ServerProcess): Promise<void> => {
  const status = async (): Promise<number> => (await fetch(`${server.url}/api/ready`)).status;
  await poll('the server not to be ready', status, (code) => code === 503, READY_MS);
};

/** A client that is being answered: the first audio has arrived. */
async function beingAnswered(server: ServerProcess, text = 'tell me a joke'): Promise<ConversationClient> {
  const client = await ConversationClient.connect(server.url);
  await client.start();
  client.send({ type: 'text_message', text });
  await client.inbox.waitFor('the answer', () => (client.inbox.speechOf(1).length > 0 ? true : undefined), READY_MS);
  return client;
}

describe('A server that is told to stop while people talk', () => {
  it('lets the answer that is being spoken finish, and takes nobody new', async () => {
    const server = await start(30);
    const answered = await beingAnswered(server);
    const unstarted = await ConversationClient.connect(server.url);
    const stopped = server.terminate(END_MS);

    expect(await unstarted.closed(READY_MS)).toBe(1_001);
    await isDraining(server);
    const late = await ConversationClient.connect(server.url);
    expect(await late.closed(READY_MS)).toBe(1_001);
    expect(late.inbox.messages('error')).toMatchObject([{ code: 'server_busy', fatal: true, retry_after_ms: expect.any(Number) }]);
    expect(violationsIn(late.inbox)).toEqual([]);
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);

    await answered.answerOf(1, END_MS);
    expect(await answered.closed(END_MS)).toBe(1_001);
    expect(answered.inbox.messages('notice')).toMatchObject([{ code: 'server_closing' }]);
    expect(answered.inbox.messages('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'server_shutdown' }]);
    expect(violationsIn(answered.inbox)).toEqual([]);
    expect(await stopped).toBe(0);
    await server.stop();
  });

  it('cuts what goes on for longer than the drain', async () => {
    const server = await start(1);
    const client = await beingAnswered(server, 'tell me a long story');
    expect(await server.terminate(END_MS)).toBe(0);
    expect(await client.closed(READY_MS)).toBe(1_001);
    expect(client.inbox.messages('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'server_shutdown' }]);
    await server.stop();
  });

  it('is gone as soon as the last conversation has ended', async () => {
    const server = await start(600);
    const client = await beingAnswered(server);
    const stopped = server.terminate(END_MS);
    await isDraining(server);
    client.send({ type: 'end_conversation' });
    expect(await client.closed(READY_MS)).toBe(1_000);
    expect(await stopped).toBe(0);
    await server.stop();
  });

  it('exits at once with a second signal', async () => {
    const server = await start(600);
    const client = await beingAnswered(server);
    const stopped = server.terminate(END_MS);
    await isDraining(server);
    server.signal('SIGTERM');
    expect(await stopped).toBe(143);
    expect(await client.closed(READY_MS)).toBe(1_006);
    await server.stop();
  });

  it('does not drain for whoever stops it in a terminal', async () => {
    const server = await start(600);
    const client = await beingAnswered(server);
    server.signal('SIGINT');
    expect(await client.closed(READY_MS)).toBe(1_001);
    expect(await server.exited(END_MS)).toBe(0);
    await server.stop();
  });
});
