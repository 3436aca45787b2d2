import { fixture, ServerProcess } from '@parley/testing/client';
import { allReleased } from './support/metrics';
import { inConversation } from './support/suite';

/** The simulated recogniser withholds the last words until its final transcript. */
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start({ SIMULATOR_WITHHELD_WORDS: '2', SIMULATOR_LATENCY: 'middle' });
}, 60_000);

afterAll(async () => {
  await allReleased(server);
  await server.stop();
});

/** The words that the recogniser reliably recognises in each voice. */
const WHOLE = { slt: /music.* living room/, kal: /\w+ \w+.* my mother/ };

describe('Where the partials lack the last words', () => {
  it.each([
    ['pause-500-slt.wav', WHOLE.slt, /living room/gu],
    ['pause-500-kal.wav', WHOLE.kal, /mother/gu],
  ])('takes %s as one turn, with every word once', (file, whole, end) =>
    inConversation(
      server,
      async (client) => {
        const { inbox } = client;
        // From these turns the server learns that the recogniser withholds words.
        for (const question of ['clean-time.wav', 'clean-sum.wav']) {
          const { turn } = client;
          await client.microphone.say(fixture(question).pcm);
          await client.answerOf(turn);
        }
        const { turn } = client;
        await client.microphone.say(fixture(file).pcm);
        await client.answerOf(turn);

        const text = inbox.finalTranscript(turn)?.toLowerCase() ?? '';
        expect(text).toMatch(whole);
        expect(text.match(end)).toHaveLength(1);
        expect(inbox.states.filter((state) => state.startsWith('AI_PROCESSING'))).toEqual(
          [1, 2, 3].map((number) => `AI_PROCESSING ${number}`),
        );
        expect(inbox.messages('interruption')).toEqual([]);
        expect(inbox.messages('error')).toEqual([]);
      },
      { playbackSpeed: 10 },
    ),
  );
});
