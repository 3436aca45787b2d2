import { ConversationClient, fixture, resourcesOf, ServerProcess, sleep, violationsIn } from '@parley/testing/client';
import { allReleased } from './support/metrics';
import { inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();
const SHORT_TIMEOUT_MS = 1_500;
/** Environment of a second server; one recogniser is enough for it. */
const SMALL = { SIMULATOR_RECOGNISERS: '1' };

describe('A conversation that nobody continues', () => {
  it.concurrent('is ended for inactivity even if the microphone sends silence, but not while the assistant speaks', async () => {
    const impatient = await ServerProcess.start({ ...SMALL, INACTIVITY_TIMEOUT_MS: String(SHORT_TIMEOUT_MS) });
    const startedAtMs = performance.now();
    const silent = inConversation(impatient, (client) => expectEnd(client, 'inactivity_timeout', 1_000));
    const listening = inConversation(impatient, async (client) => {
      client.microphone.open();
      await expectEnd(client, 'inactivity_timeout', 1_000);
    });
    const answered = inConversation(impatient, async (client) => {
      client.send({ type: 'text_message', text: 'tell me a joke' });
      await client.answerOf(1);
      const [spoke, listens] = [client.inbox.arrivalsOf('state')[2], client.inbox.arrivalsOf('state')[3]];
      expect((listens?.atMs ?? NaN) - (spoke?.atMs ?? NaN)).toBeGreaterThan(SHORT_TIMEOUT_MS + 500);
      await expectEnd(client, 'inactivity_timeout', 1_000);
      return performance.now();
    });

    await Promise.all([silent, listening]);
    const waitedMs = performance.now() - startedAtMs;
    expect(waitedMs).toBeGreaterThan(SHORT_TIMEOUT_MS - 50);
    expect(waitedMs).toBeLessThan(SHORT_TIMEOUT_MS + 2_500);
    expect((await answered) - startedAtMs).toBeGreaterThan(2 * SHORT_TIMEOUT_MS);
    await allReleased(impatient);
    await impatient.stop();
  });
});

describe('A client that ends the conversation', () => {
  it('gets a confirmation and the close code 1000, whatever was going on', async () => {
    await inConversation(server, async (client) => {
      client.send({ type: 'end_conversation' });
      await expectEnd(client, 'client', 1_000);
    });
    await inConversation(server, async (client) => {
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await client.inbox.waitFor('the story', () => (client.inbox.speechOf(1).length > 0 ? true : undefined));
      client.send({ type: 'end_conversation' });
      await expectEnd(client, 'client', 1_000);
    });
    await inConversation(server, async (client) => {
      void client.microphone.say(fixture('clean-story.wav').pcm);
      await sleep(1_000);
      client.send({ type: 'end_conversation' });
      await expectEnd(client, 'client', 1_000);
    });
    await allReleased(server);
  });
});

describe('A connection that breaks', () => {
  const ROUNDS = 6;
  const inTheMiddleOf: Record<string, (client: ConversationClient) => Promise<void>> = {
    'the greeting': () => Promise.resolve(),
    'the start': async (client) => client.send({ type: 'start_conversation' }),
    'a word': async (client) => {
      await client.start();
      void client.microphone.say(fixture('clean-sum.wav').pcm);
      await sleep(900);
    },
    'the silence after a question': async (client) => {
      await client.start();
      await client.microphone.say(fixture('clean-time.wav').pcm.slice(0, 16 * 1_600));
    },
    'a reply': async (client) => {
      await client.start();
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await client.inbox.waitFor('the story', () => (client.inbox.speechOf(1).length > 0 ? true : undefined));
    },
  };

  it.each(Object.entries(inTheMiddleOf))('in the middle of %s leaves no resources behind, however often it happens', async (_, begin) => {
    await allReleased(server);
    for (let round = 0; round < ROUNDS / 2; round++) {
      const torn = [0, 1].map(async () => {
        const client = await ConversationClient.connect(server.url);
        await begin(client);
        client.terminate();
        expect(violationsIn(client.inbox)).toEqual([]);
      });
      await Promise.all(torn);
    }
    await allReleased(server);
    expect((await resourcesOf(server))['parley_connections']).toBe(0);
  });
});

describe('A server that is told to stop', () => {
  it.concurrent('ends every conversation with 1001, and exits with 0 in time', async () => {
    const leaving = await ServerProcess.start(SMALL);
    const idle = await ConversationClient.connect(leaving.url);
    const listening = await ConversationClient.connect(leaving.url);
    const speaking = await ConversationClient.connect(leaving.url);
    const answered = await ConversationClient.connect(leaving.url);
    const started = [listening, speaking, answered];
    await Promise.all(started.map((client) => client.start()));
    answered.send({ type: 'text_message', text: 'tell me a long story' });
    await answered.inbox.waitFor('the story', () => (answered.inbox.speechOf(1).length > 0 ? true : undefined));
    void speaking.microphone.say(fixture('clean-story.wav').pcm);
    await sleep(1_000);
    expect(await resourcesOf(leaving)).toMatchObject({ parley_connections: 4, parley_sessions: 3 });

    const toldAtMs = performance.now();
    const stopped = leaving.stop();
    await Promise.all(started.map((client) => expectEnd(client, 'server_shutdown', 1_001)));
    expect(await idle.closed()).toBe(1_001);
    await stopped;
    expect(performance.now() - toldAtMs).toBeLessThan(5_000);
    expect(started.flatMap((client) => violationsIn(client.inbox))).toEqual([]);
    await expect(fetch(`${leaving.url}/api/health`)).rejects.toThrow();
  });
});

/** Expects the last state, the reason and the close code, in this order and with nothing after them. */
async function expectEnd(client: ConversationClient, reason: string, code: number): Promise<void> {
  expect(await client.closed()).toBe(code);
  expect(client.inbox.states.at(-1)).toMatch(/^IDLE /);
  expect(client.inbox.messages('conversation_ended')).toEqual([{ type: 'conversation_ended', reason }]);
  expect(client.inbox.arrivals.at(-1)).toMatchObject({ message: { type: 'conversation_ended' } });
}
