import { type ConversationClient, type Fixture, fixture, noiseAtEveryAlignment, NOISES, silence, sleep } from '@parley/testing/client';
import { inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();

/**
 * Delays in ms from the first sound of the interrupting voice. They are printed, and the bounds are so wide that every machine keeps them.
 */
interface Delays {
  readonly file: string;
  readonly duckMs: number;
  readonly interruptionMs: number;
}

const measured: Delays[] = [];
const LOOSE_BOUND_MS = 1_000;

afterAll(() => {
  const lines = measured.map(({ file, duckMs, interruptionMs }) => `  ${file}: duck ${duckMs} ms, interruption ${interruptionMs} ms`);
  process.stdout.write(`From the onset of the voice:\n${lines.join('\n')}\n`);
});

describe('The user can interrupt at any moment', () => {
  it.concurrent.each([
    ['interrupt-short.wav', /^wait stop/i],
    ['interrupt-else.wav', /^wait .*something else/i],
    ['interrupt-5s.wav', /^wait stop please .*tomorrow/i],
  ])('by saying %s', (file, words) =>
    inConversation(server, async (client) => {
      const { inbox } = client;
      await listenToTheStory(client);
      const recording = fixture(file);
      const capturedFromMs = await client.microphone.say(recording.pcm);
      await client.answerOf(2);

      const [duck] = inbox.arrivalsOf('duck');
      const [interruption] = inbox.arrivalsOf('interruption');
      expect(inbox.messages('duck')).toEqual([{ type: 'duck', turn: 1, active: true }]);
      expect(inbox.messages('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'speech' }]);
      expect(inbox.states.slice(0, 4)).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
      expectNothingOfTurnAfterInterruption(client, 1);
      // The transcript begins with the first word, which was said before the assistant stopped.
      expect(inbox.finalTranscript(2)).toMatch(words);

      const delays = delaysOf(recording, capturedFromMs, duck?.atMs ?? NaN, interruption?.atMs ?? NaN);
      measured.push(delays);
      expect(delays.duckMs).toBeLessThan(delays.interruptionMs);
      expect(delays.interruptionMs).toBeLessThan(LOOSE_BOUND_MS);
    }),
  );

  it.concurrent('by a single syllable in which the recogniser hears a word', () =>
    inConversation(server, async (client) => {
      const { inbox } = client;
      await listenToTheStory(client);
      await client.microphone.say(firstSyllable(fixture('interrupt-short.wav')));
      await client.answerOf(2);
      expect(inbox.messages('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'speech' }]);
      expectNothingOfTurnAfterInterruption(client, 1);
      expect(inbox.finalTranscript(2)).toMatch(/^wait/i);
    }),
  );

  it.concurrent('with the stop button, and pressing it twice stops only one turn', () =>
    inConversation(
      server,
      async (client) => {
        const { inbox } = client;
        await listenToTheStory(client);
        client.send({ type: 'interrupt' });
        client.send({ type: 'interrupt' });
        await inbox.waitForState('USER_SPEAKING', 2);
        client.send({ type: 'interrupt' });
        await client.settled();
        await sleep(500);

        expect(inbox.messages('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'button' }]);
        expect(inbox.states.at(-1)).toBe('USER_SPEAKING 2');
        expectNothingOfTurnAfterInterruption(client, 1);
        // An interrupted answer is not kept in the memory.
        expect((await client.ask('please repeat that')).text).not.toContain('Ember');
      },
      { playbackSpeed: 2 },
    ),
  );

  it.concurrent('by typing a message, which is answered at once', () =>
    inConversation(server, async (client) => {
      const { inbox } = client;
      await listenToTheStory(client);
      client.send({ type: 'text_message', text: 'what is seven plus five' });
      const answer = await client.answerOf(2);

      expect(answer.text).toContain('twelve');
      expect(inbox.messages('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'text' }]);
      expectNothingOfTurnAfterInterruption(client, 1);
    }),
  );

  it.concurrent('while the answer is still being prepared', () =>
    inConversation(
      server,
      async (client) => {
        client.send({ type: 'text_message', text: 'tell me a long story' });
        client.send({ type: 'interrupt' });
        await client.inbox.waitForState('USER_SPEAKING', 2);
        await sleep(1_000);
        expect(client.inbox.messages('text_response')).toEqual([]);
        expect(client.inbox.speechOf(1)).toEqual([]);
        expect((await client.ask('what is seven plus five')).text).toContain('twelve');
      },
      { playbackSpeed: 10 },
    ),
  );
});

describe('The assistant is not interrupted by', () => {
  it.concurrent.each(NOISES)('%s after %s, wherever it falls within the windows of the voice detector', async (file, background) => {
    const noises = noiseAtEveryAlignment(file, background);
    const outcomes = noises.map((noise) =>
      inConversation(server, async (client) => {
        const { inbox } = client;
        client.send({ type: 'text_message', text: 'tell me a joke' });
        await inbox.waitFor('the joke', () => (inbox.speechOf(1).length > 0 ? true : undefined));
        client.sendAudioAtOnce(noise);
        await client.settled();
        await voiceIsRaised(client);
        return { state: inbox.states.at(-1), stoppedBy: inbox.messages('interruption').map(({ reason }) => reason) };
      }),
    );
    expect(await Promise.all(outcomes)).toEqual(noises.map(() => ({ state: 'AI_SPEAKING 1', stoppedBy: [] })));
  });

  it.concurrent('coughs, which lower the voice only for a moment', () =>
    inConversation(server, async (client) => {
      await listenToTheStory(client);
      await client.microphone.say(fixture('burst-cough.wav').pcm);
      await voiceIsRaised(client);
      await expectTheStoryToGoOn(client);
    }),
  );

  it.concurrent('a microphone that fails within a syllable, which does not leave the voice lowered', () =>
    inConversation(server, async (client) => {
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await client.inbox.waitFor('the story', () => (client.inbox.speechOf(1).length > 0 ? true : undefined));
      client.sendAudioAtOnce(firstSyllable(fixture('interrupt-short.wav')));
      await client.inbox.waitForMessage('duck', ({ active }) => active);
      await client.inbox.waitForMessage('duck', ({ active }) => !active);
      expect(client.inbox.messages('interruption')).toEqual([]);
    }),
  );
});

const SYLLABLE_MS = 160;

function firstSyllable({ pcm, speech: [{ startMs }] }: Fixture): Int16Array {
  return pcm.slice(0, (startMs + SYLLABLE_MS) * 16);
}

/** A sound that may be a word lowers the voice until the recogniser has heard none in it. Resolves when it is not lowered, or raised again. */
async function voiceIsRaised({ inbox }: ConversationClient): Promise<void> {
  const isLowered = (): boolean => inbox.messages('duck').at(-1)?.active ?? false;
  await inbox.waitFor('the voice to be raised again', () => (isLowered() ? undefined : true));
}

/** Asks for the story and resolves when its first second has been played. */
async function listenToTheStory(client: ConversationClient): Promise<void> {
  client.microphone.open();
  client.send({ type: 'text_message', text: 'tell me a long story' });
  await client.inbox.waitFor('the story', () => (client.inbox.speechOf(1).length > 0 ? true : undefined));
  while (client.player.heard().playedMs < 1_000) await sleep(20);
}

/** Speech is sent ten seconds ahead, so only speech beyond that lead shows that the story goes on. */
async function expectTheStoryToGoOn(client: ConversationClient): Promise<void> {
  const { inbox } = client;
  await client.microphone.say(silence(500));
  await client.settled();
  const framesSoFar = inbox.speechOf(1).length;
  await inbox.waitFor('more of the story', () => (inbox.speechOf(1).length > framesSoFar ? true : undefined));
  expect(inbox.messages('interruption')).toEqual([]);
  expect(inbox.messages('error')).toEqual([]);
  expect(inbox.states).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1']);
}

function expectNothingOfTurnAfterInterruption(client: ConversationClient, turn: number): void {
  const { arrivals } = client.inbox;
  const stoppedAt = arrivals.findIndex((arrival) => arrival.kind === 'message' && arrival.message.type === 'interruption');
  const late = arrivals.slice(stoppedAt).filter((arrival) => {
    if (arrival.kind === 'speech') return arrival.speech.turn === turn;
    return arrival.message.type === 'text_response' && arrival.message.turn === turn;
  });
  expect(stoppedAt).toBeGreaterThan(0);
  expect(late).toEqual([]);
}

function delaysOf({ file, speech }: Fixture, capturedFromMs: number, duckAtMs: number, interruptionAtMs: number): Delays {
  const onsetMs = capturedFromMs + (speech[0]?.startMs ?? NaN);
  return { file, duckMs: Math.round(duckAtMs - onsetMs), interruptionMs: Math.round(interruptionAtMs - onsetMs) };
}
