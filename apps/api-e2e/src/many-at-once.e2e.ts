import { fixture } from '@parley/testing/client';
import { inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();

/** Names, of which none contains another. */
const NAMES =
  'Alma Boris Clara Dario Edith Frida Gustav Helga Ivo Jolanda Kasimir Lotte Mirko Nora Otto Paula Quentin Rosa Sven Thea'.split(' ');

const SPOKEN = [
  ['clean-time.wav', /time/, /it is/i],
  ['clean-sum.wav', /seven plus five/, /twelve/],
  ['clean-joke.wav', /joke/, /clock/i],
  ['clean-name.wav', /peter/, /peter/i],
] as const;

describe('Many conversations at once', () => {
  it('are independent, each with its own turns, words and memory', async () => {
    const ids = await Promise.all(
      NAMES.map((name) =>
        inConversation(
          server,
          async (client) => {
            const { inbox } = client;
            client.microphone.open();
            const greeting = await client.ask(`my name is ${name}`);
            const memory = await client.ask('what is my name');

            expect([greeting.turn, memory.turn]).toEqual([1, 2]);
            expect(greeting.text).toBe(`Nice to meet you, ${name}.`);
            expect(memory.text).toBe(`Your name is ${name}.`);
            for (const { speech } of [greeting, memory]) {
              expect(speech.length).toBeGreaterThan(1);
              expect(speech.at(-1)?.last).toBe(true);
            }
            // Nothing said in this conversation, in either direction, contains another client's name.
            const said = JSON.stringify([inbox.messages('text_response'), inbox.messages('transcript')]);
            expect(NAMES.filter((other) => said.includes(other))).toEqual([name]);
            expect(inbox.messages('interruption')).toEqual([]);
            expect(inbox.messages('error')).toEqual([]);
            return inbox.messages('conversation_started')[0]?.conversation_id;
          },
          { playbackSpeed: 4 },
        ),
      ),
    );
    expect(new Set(ids).size).toBe(NAMES.length);
  });

  it('are recognised separately when four users speak at the same time', async () => {
    await Promise.all(
      SPOKEN.map(([file, heard, answered]) =>
        inConversation(
          server,
          async (client) => {
            await client.microphone.say(fixture(file).pcm);
            const answer = await client.answerOf(1);
            expect(client.inbox.finalTranscript(1)?.toLowerCase()).toMatch(heard);
            expect(answer.text).toMatch(answered);
            expect(client.inbox.messages('error')).toEqual([]);
          },
          { playbackSpeed: 10 },
        ),
      ),
    );
  });
});
