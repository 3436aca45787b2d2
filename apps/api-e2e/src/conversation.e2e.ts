import { TURN_MARKS } from '@parley/protocol';
import { type Answer, durationMsOf, fixture, levelOf, type MessageOf } from '@parley/testing/client';
import { connected, inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();

const OUTPUT_RATE_HZ = 24_000;
/** 16-bit audio below this level contains no voice. */
const AUDIBLE = 200;

function expectInOrder(marks: MessageOf<'turn_metrics'>['marks'], order: readonly (typeof TURN_MARKS)[number][]): void {
  const times = order.map((mark) => marks[mark] ?? NaN);
  expect(times).toEqual([...times].sort((a, b) => a - b));
}

describe('A conversation', () => {
  it.concurrent('begins with a greeting, and confirms its settings before it listens', () =>
    connected(server, async (client) => {
      await client.inbox.waitForMessage('connection_established');
      expect(client.inbox.messages('connection_established')).toEqual([
        { type: 'connection_established', message: expect.any(String), protocol: 1 },
      ]);

      await client.start();
      const simulated = { name: expect.any(String), simulated: true };
      expect(client.inbox.messages('conversation_started')).toEqual([
        {
          type: 'conversation_started',
          conversation_id: expect.stringMatching(/\S/),
          engine: 'pipeline',
          input_audio: { encoding: 'pcm_s16le', sample_rate: 16_000, frame_ms: 20 },
          output_audio: { encoding: 'pcm_s16le', sample_rate: OUTPUT_RATE_HZ },
          providers: { stt: simulated, llm: simulated, tts: simulated },
          timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
        },
      ]);
      expect(client.inbox.arrivals.map((arrival) => arrival.kind === 'message' && arrival.message.type)).toEqual([
        'connection_established',
        'conversation_started',
        'state',
      ]);
    }),
  );

  it.concurrent('answers a spoken question with text and speech, and listens again', () =>
    inConversation(server, async (client) => {
      const { inbox } = client;
      await client.microphone.say(fixture('clean-time.wav').pcm);
      const answer = await client.answerOf(1);

      expect(inbox.states).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);

      const transcripts = inbox.messages('transcript');
      expect(transcripts.map(({ turn }) => turn)).toEqual(transcripts.map(() => 1));
      expect(transcripts.map((transcript) => transcript.is_final)).toEqual([...transcripts.slice(1).map(() => false), true]);
      expect(transcripts.length).toBeGreaterThan(1);
      expect(inbox.finalTranscript(1)).toContain('time');

      const isOf = (type: string) => (arrival: (typeof inbox.arrivals)[number]) =>
        arrival.kind === 'message' && arrival.message.type === type;
      expect(inbox.arrivals.findLastIndex(isOf('transcript'))).toBeLessThan(inbox.arrivals.findIndex(isOf('text_response')));

      expect(answer.text).toMatch(/^It is .*(morning|afternoon|evening|noon|midnight)/);
      expect(inbox.messages('text_response').at(-1)).toMatchObject({ is_final: true, full_text: answer.text });

      expect(answer.speech.map(({ seq }) => seq)).toEqual(answer.speech.map((_, index) => index));
      expect(answer.speech.map(({ last }) => last)).toEqual([...answer.speech.slice(1).map(() => false), true]);
      expect(durationMsOf(answer.speech, OUTPUT_RATE_HZ)).toBeGreaterThan(800);
      expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
      expect(inbox.messages('error')).toEqual([]);
    }),
  );

  it.concurrent('measures each turn, from the end of the voice to the first sound of the answer', () =>
    inConversation(server, async (client) => {
      await client.microphone.say(fixture('clean-joke.wav').pcm);
      await client.answerOf(1);
      const { message } = await client.inbox.waitForMessage('turn_metrics');

      const { marks } = message;
      expect(message.turn).toBe(1);
      expect(Object.keys(marks).sort()).toEqual([...TURN_MARKS].sort());
      // A reply prepared during the silence may have begun before the last transcript and the turn's end, but nothing is sent before both.
      const { llm_request: llmRequest = NaN, turn_end: turnEnd = NaN } = marks;
      for (const before of ['stt_final', 'turn_end'] as const) expectInOrder(marks, ['speech_end', before, 'audio_sent']);
      expectInOrder(
        marks,
        TURN_MARKS.filter((mark) => mark !== 'stt_final' && mark !== 'turn_end'),
      );
      expect(marks.speech_end).toBe(0);
      expect(turnEnd).toBeGreaterThan(800);
      expect(message.speculative).toBe(llmRequest < turnEnd);
    }),
  );

  it.concurrent('speaks while the text is still being produced, and sends speech with a bounded lead', () =>
    inConversation(server, async (client) => {
      const { inbox } = client;
      await client.microphone.say(fixture('clean-story.wav').pcm);
      await inbox.waitForMessage('text_response', ({ is_final: isFinal }) => isFinal);

      const kinds = inbox.arrivals.map((arrival) => (arrival.kind === 'speech' ? 'speech' : arrival.message.type));
      const pieces = inbox.messages('text_response');
      expect(pieces.length).toBeGreaterThan(10);
      expect(pieces.at(-1)).toMatchObject({ full_text: expect.stringMatching(/^Sure\. Once upon a time .* the end of the story\.$/) });
      expect(inbox.replyText(1)).toBe(pieces.at(-1)?.full_text);
      expect(kinds.indexOf('speech')).toBeGreaterThan(0);
      expect(kinds.indexOf('speech')).toBeLessThan(kinds.lastIndexOf('text_response'));

      await inbox.waitFor('two seconds of listening', () => (client.player.heard().playedMs > 2_000 ? true : undefined));
      const leadMs = durationMsOf(inbox.speechOf(1), OUTPUT_RATE_HZ) - client.player.heard().playedMs;
      expect(leadMs).toBeGreaterThan(3_000);
      // One message of speech may already be in transit when the lead is reached.
      expect(leadMs).toBeLessThan(11_000);
    }),
  );

  it.concurrent('remembers facts over four spoken turns, and forgets them when it ends', async () => {
    await inConversation(
      server,
      async (client) => {
        const { inbox } = client;
        const answers: Answer[] = [];
        for (const file of ['clean-name.wav', 'clean-sum.wav', 'clean-myname.wav', 'clean-date.wav']) {
          await client.microphone.say(fixture(file).pcm);
          answers.push(await client.answerOf(answers.length + 1));
        }
        expect(answers.map(({ text }) => text.toLowerCase())).toEqual([
          expect.stringContaining('peter'),
          expect.stringContaining('twelve'),
          expect.stringContaining('your name is peter'),
          expect.stringContaining('today is'),
        ]);
        expect(answers.map(({ turn }) => inbox.finalTranscript(turn)?.toLowerCase())).toEqual([
          expect.stringContaining('name is peter'),
          expect.stringContaining('seven plus five'),
          expect.stringContaining('my name'),
          expect.stringContaining('date'),
        ]);
        expect(inbox.messages('interruption')).toEqual([]);
        expect(inbox.messages('error')).toEqual([]);
      },
      { playbackSpeed: 2 },
    );

    await inConversation(server, async (client) => expect((await client.ask('what is my name')).text).toMatch(/not told me/), {
      playbackSpeed: 2,
    });
  });

  it.concurrent('goes by the clock when the client reports no playback', () =>
    inConversation(
      server,
      async (client) => {
        const { turn, speech } = await client.ask('what is seven plus five');
        const [spoke, listens] = [
          await client.inbox.waitForState('AI_SPEAKING', turn),
          await client.inbox.waitForState('USER_SPEAKING', 2),
        ];
        const durationMs = durationMsOf(speech, OUTPUT_RATE_HZ);
        expect(listens.atMs - spoke.atMs).toBeGreaterThan(durationMs);
        expect(listens.atMs - spoke.atMs).toBeLessThan(durationMs + 3_000);
      },
      { playbackSpeed: 0 },
    ),
  );

  it.concurrent('uses the language and the system prompt that the client sends', () =>
    inConversation(
      server,
      async (client) => {
        const answer = await client.ask('what is seven plus five');
        expect(answer.text).toContain('twelve');
        expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
      },
      { playbackSpeed: 10, start: { language: 'en-IN', system_prompt: 'You are brief.', audio_transport: 'binary', engine: 'pipeline' } },
    ),
  );
});
