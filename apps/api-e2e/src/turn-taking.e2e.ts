import { FRAME_MS } from '@parley/protocol';
import { type ConversationClient, fixture, noiseAtEveryAlignment, NOISES, silence, sleep, untilSpeechEnd } from '@parley/testing/client';
import { inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();
/** What the assistant says matters little here. */
const HURRIED = { playbackSpeed: 10 };

/** Sentences with a pause: the words that the recogniser reliably recognises in each voice, for the whole and the second half. */
const PAUSED = { slt: { whole: /music.* living room/, end: /living room/ }, kal: { whole: /\w+ \w+.* my mother/, end: /my mother/ } };

describe('The assistant waits until the user has finished', () => {
  it.concurrent.each([
    ['pause-500-slt.wav', PAUSED.slt],
    ['pause-500-kal.wav', PAUSED.kal],
    ['pause-850-slt.wav', PAUSED.slt],
    ['pause-850-kal.wav', PAUSED.kal],
  ])('takes %s as one turn', (file, { whole }) =>
    inConversation(
      server,
      async (client) => {
        const { inbox } = client;
        await client.microphone.say(fixture(file).pcm);
        await client.answerOf(1);

        expect(inbox.messages('error')).toEqual([]);
        expect(inbox.finalTranscript(1)?.toLowerCase()).toMatch(whole);
        expect(inbox.states).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
        expect(inbox.messages('interruption')).toEqual([]);
      },
      HURRIED,
    ),
  );

  it.concurrent.each([
    ['pause-950-slt.wav', PAUSED.slt],
    ['pause-950-kal.wav', PAUSED.kal],
  ])('takes %s as two turns, and answers the second', (file, { end }) =>
    inConversation(server, async (client) => {
      const { inbox } = client;
      await client.microphone.say(fixture(file).pcm);
      await client.inbox.waitForMessage('text_response', (piece) => piece.turn === 2 && piece.is_final);

      expect(inbox.messages('error')).toEqual([]);
      expect(inbox.states.filter((state) => state.startsWith('AI_PROCESSING'))).toEqual(['AI_PROCESSING 1', 'AI_PROCESSING 2']);
      expect(inbox.finalTranscript(2)?.toLowerCase()).toMatch(end);
      // The user went on speaking, so the answer to the first half is not played to its end.
      expect(inbox.messages('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'speech' }]);
    }),
  );

  it.concurrent('measures silence in audio, not in wall-clock time', async () => {
    const slow = await inConversation(server, (client) => silenceThatEndsTheTurn(client, 1_500), HURRIED);
    expect(slow).toBeGreaterThan(880);
    expect(slow).toBeLessThanOrEqual(980);
    // Sent faster than real time, the turn ends at exactly the same frame.
    const fast = await inConversation(server, (client) => silenceThatEndsTheTurn(client, 0), HURRIED);
    expect(fast).toBe(slow);
  });

  it.concurrent.each(NOISES)(
    'does not reply to %s after %s, wherever it falls within the windows of the voice detector',
    async (file, background) => {
      const noises = noiseAtEveryAlignment(file, background);
      const replies = noises.map((noise) =>
        inConversation(
          server,
          async (client) => {
            const { inbox } = client;
            client.sendAudioAtOnce(noise);
            await client.settled();
            await sleep(1_000);
            return {
              states: inbox.states,
              words: inbox.messages('transcript').flatMap(({ text, is_final: isFinal }) => (isFinal && text !== '' ? text : [])),
              answer: (await client.ask('what is seven plus five')).text,
            };
          },
          HURRIED,
        ),
      );
      const nothing = { states: ['USER_SPEAKING 1'], words: [], answer: 'Seven plus five is twelve.' };
      expect(await Promise.all(replies)).toEqual(noises.map(() => nothing));
    },
  );

  it.concurrent('answers what was said when the microphone fails in the middle of a sentence', () =>
    inConversation(
      server,
      async (client) => {
        client.sendAudioAtOnce(untilSpeechEnd(fixture('clean-time.wav')));
        await client.settled();
        expect(client.inbox.states).toEqual(['USER_SPEAKING 1']);
        await client.inbox.waitForState('AI_PROCESSING', 1);
        await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toContain('time');
      },
      HURRIED,
    ),
  );

  it.concurrent('recognises a quiet voice', () =>
    inConversation(
      server,
      async (client) => {
        await client.microphone.say(fixture('clean-time-quiet.wav').pcm);
        await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toContain('time');
      },
      HURRIED,
    ),
  );

  it.concurrent('takes words spoken and typed at the same time as one question', () =>
    inConversation(
      server,
      async (client) => {
        await client.microphone.say(fixture('burst-keyboard-speech.wav').pcm);
        await client.answerOf(1);
        expect(client.inbox.states).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
      },
      HURRIED,
    ),
  );
});

/**
 * How much silence, in ms of audio, ends the turn after a question. Each frame is handled before the next is sent.
 * After 880 ms of silence nothing is sent for `waitMs`, which must not end the turn.
 */
async function silenceThatEndsTheTurn(client: ConversationClient, waitMs: number): Promise<number> {
  const hasEnded = (): boolean => client.inbox.states.includes('AI_PROCESSING 1');
  const question = untilSpeechEnd(fixture('clean-time.wav'));
  client.sendAudioAtOnce(question);
  client.sendAudioAtOnce(silence(880));
  await client.settled();
  await sleep(waitMs);
  expect(client.inbox.states).toEqual(['USER_SPEAKING 1']);
  // The recording ends within a frame: what its last frame lacks was sent as silence.
  let silenceMs = 880 + (FRAME_MS - ((question.length / 16) % FRAME_MS || FRAME_MS));
  for (; !hasEnded() && silenceMs < 2_000; silenceMs += FRAME_MS) {
    client.sendAudioAtOnce(silence(FRAME_MS));
    await client.settled();
  }
  await client.answerOf(1);
  return silenceMs;
}
