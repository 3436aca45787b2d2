import { abortListeners } from '@parley/testing';
import { stageProvidersOf } from '../testing/fake-providers';
import { onVirtualTime } from '../testing/on-virtual-time';
import { AbortIgnoringProviders } from '../testing/abort-ignoring-providers';
import { TestConversation, type TestConversationOptions } from '../testing/test-conversation';
import { pass, settle } from '../testing/virtual-time';

/** The moments at which a conversation may end, and how to reach each of them. */
const MOMENTS: Record<
  string,
  { options?: TestConversationOptions; reach: (conversation: TestConversation) => Promise<void>; state: string }
> = {
  'before anything was said': { reach: async () => undefined, state: 'USER_SPEAKING' },
  'while the user speaks': { reach: ({ mic }) => mic.speak(500), state: 'USER_SPEAKING' },
  'while the silence at the end of the turn lasts': {
    reach: async ({ mic }) => {
      await mic.speak(500);
      await mic.hush(500);
    },
    state: 'USER_SPEAKING',
  },
  'while the transcript is awaited': {
    options: { stt: () => ({ text: 'hello', stalls: true }) },
    reach: ({ mic }) => mic.saySomething(),
    state: 'AI_PROCESSING',
  },
  'while a draft is written': {
    options: { turns: { draftAfterSilenceMs: 200 }, llm: () => ({ tokens: ['Half a sen'], stallAfterTokens: 1 }) },
    reach: async ({ mic, fakes }) => {
      await mic.speak(500);
      await mic.hush(600);
      expect(fakes.llm.openReplies).toBe(1);
    },
    state: 'USER_SPEAKING',
  },
  'while the audio of a draft is held back': {
    options: { turns: { draftAfterSilenceMs: 200 }, tts: () => ({ stallAfterChunks: 2 }) },
    reach: async ({ mic, fakes }) => {
      await mic.speak(500);
      await mic.hush(600);
      expect(fakes.tts.openSpeeches).toBe(1);
    },
    state: 'USER_SPEAKING',
  },
  'while the first word of the model is awaited': {
    options: { llm: () => 'manual' },
    reach: ({ mic }) => mic.saySomething(),
    state: 'AI_PROCESSING',
  },
  'while the voice is awaited': {
    options: { tts: () => 'manual' },
    reach: ({ mic }) => mic.saySomething(),
    state: 'AI_SPEAKING',
  },
  'while the assistant speaks': {
    options: { llm: () => ({ tokens: ['A story. ', 'And'], stallAfterTokens: 2 }) },
    reach: ({ mic }) => mic.saySomething(),
    state: 'AI_SPEAKING',
  },
  'while the assistant’s voice is lowered': {
    options: { llm: () => ({ tokens: ['A story. ', 'And'], stallAfterTokens: 2 }) },
    reach: async ({ mic, sink }) => {
      await mic.saySomething();
      await mic.speak(120);
      expect(sink.ducks).toHaveLength(1);
    },
    state: 'AI_SPEAKING',
  },
  'while audio waits to be sent': {
    options: { tts: () => ({ msPerCharacter: 1_000 }), llm: () => ({ tokens: ['A very long story, told slowly.'] }) },
    reach: ({ mic }) => mic.saySomething(),
    state: 'AI_SPEAKING',
  },
  'while the last audio is played': { reach: ({ mic }) => mic.saySomething(), state: 'AI_SPEAKING' },
  'while a prepared sentence about a failure is spoken': {
    options: { llm: () => ({ tokens: [], failure: { code: 'auth', afterTokens: 0 } }) },
    reach: ({ mic }) => mic.saySomething(),
    state: 'AI_SPEAKING',
  },
};

describe('PipelineConversation: the end', () => {
  onVirtualTime({ mayLeaveTimers: true });

  describe.each(Object.entries(MOMENTS))('%s', (_name, { options, reach, state }) => {
    it('releases everything, is reported once, and is followed by silence', async () => {
      const conversation = await TestConversation.start(options);
      const { session, sink, fakes, mic } = conversation;
      await reach(conversation);
      expect(sink.state).toBe(state);
      expect(fakes.open).toBeGreaterThan(0);
      const lifetimes = [fakes.stt.sessions[0].signal, fakes.tts.sessions[0].signal, fakes.llm.warmSignals[0]];
      expect(lifetimes.map(({ aborted }) => aborted)).toEqual([false, false, false]);

      session.end('client');
      await settle();
      expect(fakes.open).toBe(0);
      expect(lifetimes.map((signal) => [signal.aborted, abortListeners(signal)])).toEqual([
        [true, 0],
        [true, 0],
        [true, 0],
      ]);
      expect(session.openResources).toEqual({ streams: 0, timers: 0 });
      expect(jest.getTimerCount()).toBe(0);
      expect(sink.log.slice(-2)).toEqual([expect.stringMatching(/^state IDLE /), 'ended client']);

      const before = [...sink.log];
      session.end('server_shutdown');
      session.pushText('Are you there?');
      session.interrupt();
      session.reportPlayback({ turn: 1, event: 'ended', playedMs: 10_000 });
      await mic.saySomething();
      await pass(20_000);
      expect(sink.log).toEqual(before);
      expect(sink.endings).toEqual(['client']);
      expect(fakes.open).toBe(0);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  it.each(['client', 'inactivity_timeout', 'server_shutdown', 'error'] as const)('is reported with its reason: %s', async (reason) => {
    const { session, sink } = await TestConversation.start();
    session.end(reason);
    expect(sink.of('ended')).toEqual([{ type: 'ended', reason }]);
    expect(sink.endings).toEqual([reason]);
  });

  it('aborts every stream of providers that do not stop by themselves', async () => {
    const providers = new AbortIgnoringProviders();
    const { session, mic } = await TestConversation.start({ providers: stageProvidersOf(providers) });
    await mic.saySomething();
    providers.transcripts[0].items.push({ text: 'hello', isFinal: true });
    providers.transcripts[0].items.end();
    await settle();
    providers.replies[0].items.push({ type: 'text', text: 'Hello there. ' });
    await settle();
    session.end('client');
    expect([...providers.replies, ...providers.speeches].map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(session.openResources).toEqual({ streams: 0, timers: 0 });
  });

  describe('after 60 s without speech', () => {
    it('comes automatically, and not earlier', async () => {
      const { sink, fakes } = await TestConversation.start();
      await pass(59_900);
      expect(sink.endings).toEqual([]);
      await pass(100);
      expect(sink.endings).toEqual(['inactivity_timeout']);
      expect(sink.of('ended')).toEqual([{ type: 'ended', reason: 'inactivity_timeout' }]);
      expect(fakes.open).toBe(0);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('comes even though the microphone keeps sending silence', async () => {
      const { mic, sink } = await TestConversation.start();
      await mic.hush(59_900);
      expect(sink.endings).toEqual([]);
      await mic.hush(120);
      expect(sink.endings).toEqual(['inactivity_timeout']);
    });

    it('is counted from the last word of the user', async () => {
      const { mic, sink } = await TestConversation.start({ stt: () => ({ text: '' }) });
      await pass(50_000);
      await mic.saySomething();
      await pass(58_500);
      expect(sink.endings).toEqual([]);
      await pass(1_000);
      expect(sink.endings).toEqual(['inactivity_timeout']);
    });

    it('is counted from the last word of the assistant', async () => {
      const { session, sink } = await TestConversation.start({ llm: () => ({ tokens: ['A'.repeat(500)] }) });
      await pass(50_000);
      session.pushText('Hi!');
      // The speech lasts 30 s.
      await pass(31_000);
      expect(sink.state).toBe('USER_SPEAKING');
      await pass(58_000);
      expect(sink.endings).toEqual([]);
      await pass(2_000);
      expect(sink.endings).toEqual(['inactivity_timeout']);
    });

    it('is not delayed by a noise', async () => {
      const { mic, sink } = await TestConversation.start({ stt: () => ({ text: '' }) });
      await pass(30_000);
      await mic.speak(120);
      await mic.hush(1_000);
      await pass(28_800);
      expect(sink.endings).toEqual([]);
      await pass(200);
      expect(sink.endings).toEqual(['inactivity_timeout']);
    });
  });

  it('of a turn comes when the microphone stops sending in the middle of it', async () => {
    const { mic, sink } = await TestConversation.start();
    await mic.speak(1_000);
    await pass(4_800);
    expect(sink.state).toBe('USER_SPEAKING');
    await pass(300);
    expect(sink.of('transcript').at(-1)).toMatchObject({ text: 'what time is it', isFinal: true });
    expect(sink.state).toBe('AI_SPEAKING');
  });
});
