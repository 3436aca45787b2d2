import { type ReplySource, ScriptedRecogniser, type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { type ConversationClient, fixture, type ServerProcess, sleep } from '@parley/testing/client';
import { startKeyedServer } from './support/keyed-server';
import { allReleased } from './support/metrics';
import { inConversation } from './support/suite';

const VISIT =
  'Your visit to the dentist is on Thursday at five in the afternoon, at the clinic on Church Street, on the second floor, next to the station.';
/** The transcript of everything the user says. */
const HEARD = 'thursday at five';
/** A recogniser whose final transcript comes late. */
const LATENCY = { sttFinalMs: 1_500, llmFirstTokenMs: 20, llmTokenGapMs: 2, ttsFirstChunkMs: 30 };

/** The user's words in each request to the model. */
const asked: string[][] = [];
const replies: ReplySource = {
  reply: (messages) => {
    asked.push(messages.flatMap(({ role, content }) => (role === 'user' ? content : [])));
    return [VISIT];
  },
};
const recogniser = new ScriptedRecogniser({ otherwise: HEARD });
let vendors: Simulator;
let server: ServerProcess;
let resumable: ServerProcess;

beforeAll(async () => {
  vendors = await startSimulator({ recogniser, synthesiser: new ToneSynthesiser(), replies, latency: LATENCY });
  [server, resumable] = await Promise.all([startKeyedServer(vendors), startKeyedServer(vendors, {}, { INTERRUPTION_MODE: 'resumable' })]);
}, 60_000);

afterAll(async () => {
  try {
    await Promise.all([server, resumable].map((one) => allReleased(one)));
    await Promise.all([server, resumable].map((one) => one.stop()));
  } finally {
    await vendors.close();
  }
});

/**
 * Resolves when the model is asked with these user messages. They may be in lower case, because a draft is asked for with a partial
 * transcript.
 */
const modelSees = (client: ConversationClient, ...words: string[]): Promise<true> =>
  client.inbox.waitFor(`a request with ${words.join(', ')}`, () =>
    asked.some((request) => words.every((word) => request.join(' ').toLowerCase().includes(word))) ? true : undefined,
  );

describe('Every word of the user reaches the model', () => {
  it('when something is typed while the final transcript is pending', () =>
    inConversation(server, async (client) => {
      await client.microphone.say(fixture('clean-time.wav').pcm);
      await client.inbox.waitForState('AI_PROCESSING', 1);
      await sleep(60);
      client.send({ type: 'text_message', text: 'in Pune' });
      await modelSees(client, `${HEARD}. in pune`);
      expect(client.inbox.messages('error')).toEqual([]);
    }));

  it('when something is typed while the user speaks', () =>
    inConversation(server, async (client) => {
      const { pcm, speech } = fixture('clean-story.wav');
      const said = client.microphone.say(pcm);
      await sleep((speech[0]?.startMs ?? 0) + 600);
      client.send({ type: 'text_message', text: 'in the kitchen' });
      await said;
      await modelSees(client, HEARD, 'in the kitchen');
    }));
});

describe('A user who repeats the assistant', () => {
  it.each([
    ['an assistant that stops', 'when is my visit', () => server],
    ['a paused assistant', 'when must we be there', () => resumable],
  ])('is answered by %s', (_, question, of) =>
    inConversation(of(), async (client) => {
      client.microphone.open();
      client.send({ type: 'text_message', text: question });
      await client.inbox.waitFor('the answer', () => client.inbox.firstSpeechAtMs(1));
      while (client.player.heard().playedMs < 4_300) await sleep(20);
      await client.microphone.say(fixture('interrupt-else.wav').pcm);
      await modelSees(client, question, HEARD);
      await client.inbox.waitFor('its answer', () => client.inbox.firstSpeechAtMs(2));
    }),
  );
});
