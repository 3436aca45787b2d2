import type { ProviderErrorCode } from '@parley/providers';
import { RecordingLogger } from '../testing/recording-logger';
import { LINE_SAMPLE, TestAgentConversation } from '../testing/test-agent-conversation';
import { pass, settle, startVirtualTime } from '../testing/virtual-time';
import { UNREACHABLE_NOTICE } from './agent-failure-message';

describe('a conversation whose agent is lost', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    logger.restore();
  });

  const failures = (test: TestAgentConversation) => test.sink.of('error').map(({ code, fatal }) => [code, fatal]);

  it('goes on: one message, the conversation handed over, what was said meanwhile sent', async () => {
    const test = await TestAgentConversation.start();
    test.agentSays('Welcome!', 300);
    await pass(2_000);
    test.userSays('My name is Asha.');
    test.agentSays('Hello Asha.', 300);
    await pass(2_000);
    test.agent.session.fail('connection_lost');
    expect(failures(test)).toEqual([['agent_failed', false]]);
    test.conversation.pushAudio(Int16Array.of(1, 2));
    test.conversation.pushAudio(Int16Array.of(3));
    await pass(300);
    expect(test.agent.openings).toHaveLength(2);
    expect(test.agent.openings[1].overrides).toEqual({ firstMessage: '' });
    const [, again] = test.agent.sessions;
    expect(again.calls).toEqual([
      ['contextualUpdate', expect.stringMatching(/You: Welcome!\nUser: My name is Asha\.\nYou: Hello Asha\.$/)],
    ]);
    expect(again.heard).toEqual([1, 2, 3]);
    test.conversation.pushAudio(Int16Array.of(4));
    expect(again.heard).toEqual([1, 2, 3, 4]);
    test.userSays('What is my name?');
    test.agentSays('Asha.', 300);
    await pass(2_000);
    expect(test.sink.of('text_response').at(-1)).toMatchObject({ turn: 3, full_text: 'Asha.' });
    expect(failures(test)).toHaveLength(1);
    test.conversation.close('client');
  });

  it.each(['spoken', 'typed'])('asks again what was not answered: %s', async (how) => {
    const test = await TestAgentConversation.start();
    if (how === 'typed') test.conversation.pushText('What is my name?');
    else test.userSays('What is my name?');
    test.agent.session.fail('unavailable');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['sendText', 'What is my name?']]);
    test.agentSays('Asha.', 300);
    expect(test.sink.of('text_response')).toMatchObject([{ turn: 1 }]);
    test.conversation.close('client');
  });

  it('asks again what was answered in writing, but not aloud', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('What is my name?');
    test.agent.session.tell({ type: 'reply_text', text: 'Let me think.' });
    test.agent.session.fail('unavailable');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['sendText', 'What is my name?']]);
    // Longer than a written answer alone would have kept the turn.
    await pass(7_000);
    test.agentSays('Asha.', 300, 2);
    await pass(2_000);
    expect(test.sink.of('text_response').at(-1)).toMatchObject({ turn: 1, full_text: 'Asha.' });
    expect(test.samplesOf(1)).toEqual([2]);
    expect(test.sink.of('state').at(-1)).toMatchObject({ state: 'USER_SPEAKING', turn: 2 });
    test.conversation.close('client');
  });

  it('sends what was typed while there was no connection', async () => {
    const test = await TestAgentConversation.start();
    test.agent.session.fail('unavailable');
    test.conversation.pushText('Are you there?');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['sendText', 'Are you there?']]);
    test.conversation.close('client');
  });

  it('hands over what the user had begun to say', async () => {
    const test = await TestAgentConversation.start();
    test.agent.session.tell({ type: 'user_transcript', text: 'I would like', isFinal: false });
    test.agent.session.fail('unavailable');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['contextualUpdate', expect.stringContaining('I would like')]]);
    test.conversation.close('client');
  });

  describe('in the middle of its reply', () => {
    const REPLY = 'One two three four five six seven eight nine ten.';
    const HEARD = 'One two three four five';

    /** When each letter of what was spoken is spoken, evenly. */
    const evenly = (text: string, durationMs: number) => {
      const stepMs = durationMs / text.length;
      return { chars: [...text], startMs: [...text].map((_, i) => i * stepMs), durationMs: [...text].map(() => stepMs) };
    };

    /** Half of the reply was spoken, of which half was played, when the connection broke. */
    async function cutShort(code: ProviderErrorCode = 'connection_lost'): Promise<TestAgentConversation> {
      const test = await TestAgentConversation.start();
      test.userSays('Count!');
      test.agent.session.tell({ type: 'reply_text', text: REPLY });
      test.agent.session.speak(12_000, 1, evenly(HEARD, 12_000));
      await pass(6_000);
      test.agent.session.fail(code);
      return test;
    }

    it('lets the listener hear what has come of it, then the turn is over', async () => {
      const test = await cutShort();
      await pass(5_900);
      expect(test.sink.state).toBe('AI_SPEAKING');
      await pass(500);
      expect(test.sink.speechMsOf(1)).toBe(12_000);
      // The last frame has left with the last of the audio.
      expect(test.sink.log.slice(-4)).toEqual(['speech 1 last', 'error', 'turn_metrics', 'state USER_SPEAKING 2']);
      expect(test.sink.of('interruption')).toEqual([]);
      test.conversation.close('client');
    });

    it('tells how much of it was heard', async () => {
      const test = await cutShort();
      await pass(7_000);
      expect(test.sink.of('turn_metrics')).toMatchObject([{ turn: 1, heard_text: HEARD }]);
      test.conversation.close('client');
    });

    it('hands over what was said of it, and no more', async () => {
      const test = await cutShort();
      await pass(300);
      expect(test.agent.session.calls).toEqual([
        ['contextualUpdate', expect.stringMatching(/User: Count!\nYou: One two three four five…$/)],
      ]);
      test.conversation.close('client');
    });

    it('hands over the whole where the whole was said', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Count!');
      test.agent.session.tell({ type: 'reply_text', text: REPLY });
      test.agent.session.speak(12_000, 1, evenly(REPLY, 12_000));
      test.agent.session.fail('connection_lost');
      await pass(300);
      expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringMatching(/nine ten\.$/)]]);
      await pass(13_000);
      expect(test.sink.of('turn_metrics')[0]).not.toHaveProperty('heard_text');
      test.conversation.close('client');
    });

    it('ends the text that came in pieces', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Count!');
      for (const text of ['One two ', 'three four']) test.agent.session.tell({ type: 'reply_text_part', text });
      test.agent.session.speak(3_000);
      test.agent.session.fail('connection_lost');
      await pass(300);
      expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringMatching(/You: One two three four/)]]);
      await pass(4_000);
      expect(test.sink.of('text_response').at(-1)).toEqual({
        type: 'text_response',
        turn: 1,
        text: '',
        is_final: true,
        full_text: 'One two three four',
      });
      expect(test.sink.state).toBe('USER_SPEAKING');
      test.conversation.close('client');
    });

    it('stops at the first words, of which the new connection cannot know that they interrupt', async () => {
      const test = await cutShort();
      await pass(300);
      test.agent.session.tell({ type: 'user_transcript', text: 'Wait', isFinal: false });
      expect(test.sink.of('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'speech' }]);
      expect(test.sink.of('transcript').at(-1)).toMatchObject({ turn: 2, text: 'Wait' });
      test.conversation.close('client');
    });

    it('tells how much of it was heard where the loss is for good', async () => {
      const test = await cutShort('quota');
      await pass(7_000);
      expect(test.sink.of('turn_metrics')).toMatchObject([{ turn: 1, heard_text: HEARD }]);
      expect(test.sink.endings).toEqual(['error']);
    });

    it.each([
      ['while a tool runs', 0],
      ['when its result was on its way', 200],
    ])('asks again for an answer that was only announced: lost %s', async (_when, afterMs) => {
      const test = await TestAgentConversation.start({
        tools: {
          call: (_call, _context, signal) =>
            new Promise((resolve) => {
              const settle = () => resolve({ result: 'noon', isError: false });
              if (afterMs > 0) settle();
              else signal.addEventListener('abort', settle);
            }),
        },
      });
      test.userSays('What time is it?');
      test.agentSays('Let me see.', 1_000);
      test.agent.session.tell({ type: 'tool_called', callId: 'tc1', name: 'clock', parameters: {} });
      await pass(afterMs);
      test.agent.session.fail('connection_lost');
      await pass(300);
      const asked = [
        ['contextualUpdate', expect.stringMatching(/User: What time is it\?\nYou: Let me see\.$/)],
        ['sendText', 'What time is it?'],
      ];
      expect(test.agent.session.calls).toEqual(asked);
      await pass(2_000);
      expect(test.sink.of('state').at(-1)).toMatchObject({ state: 'USER_SPEAKING', turn: 2 });
      // Lost once more, it is still owed.
      test.agent.session.fail('connection_lost');
      await pass(600);
      expect(test.agent.session.calls).toEqual(asked);
      test.agentSays('It is noon.', 300);
      await pass(2_000);
      expect(test.sink.of('text_response').at(-1)).toMatchObject({ turn: 2, full_text: 'It is noon.' });
      test.agent.session.fail('connection_lost');
      await pass(1_000);
      expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringContaining('It is noon.')]]);
      test.conversation.close('client');
    });

    it('does not ask again for an answer that nobody waits for any more', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('What time is it?');
      test.agentSays('Let me see.', 1_000);
      test.agent.session.tell({ type: 'tool_called', callId: 'tc1', name: 'get_current_time', parameters: {} });
      test.agent.session.fail('connection_lost');
      test.conversation.interrupt();
      await pass(300);
      expect(test.agent.session.calls.map(([name]) => name)).toEqual(['contextualUpdate']);
      test.conversation.close('client');
    });

    it('is over for good, too, when the agent cannot be reached again', async () => {
      const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'opens' : 'unavailable') });
      test.userSays('Count!');
      test.agentSays(REPLY, 12_000);
      test.agent.session.fail('connection_lost');
      await pass(11_900);
      expect(test.sink.endings).toEqual([]);
      await pass(1_000);
      expect(test.sink.speechMsOf(1)).toBe(12_000);
      expect(test.sink.log.slice(-5)).toEqual(['state USER_SPEAKING 2', 'error', 'state IDLE 2', 'conversation_ended', 'ended error']);
    });
  });

  it.each([0, 20_000])(
    'gives up an answer that was only written when the agent cannot be reached again, with notice of %i ms',
    async (lineMs) => {
      const test = await TestAgentConversation.start({
        opening: (index) => (index === 0 ? 'opens' : 'unavailable'),
        ...(lineMs > 0 && { lineMs }),
      });
      test.userSays('What is my name?');
      test.agent.session.tell({ type: 'reply_text', text: 'Let me think.' });
      test.agent.session.fail('connection_lost');
      await pass(lineMs + 10_000);
      expect(failures(test)).toEqual([
        ['agent_failed', false],
        ['agent_failed', true],
      ]);
      expect(test.sink.endings).toEqual(['error']);
    },
  );

  it('gives a tool’s result to nobody but the one who asked for it', async () => {
    const signals: AbortSignal[] = [];
    const test = await TestAgentConversation.start({
      tools: {
        call: (_call, _context, signal) => {
          signals.push(signal);
          return new Promise((resolve) => setTimeout(() => resolve({ result: 'noon', isError: false }), 1_000));
        },
      },
    });
    const ask = () => test.agent.session.tell({ type: 'tool_called', callId: 'tc1', name: 'slow', parameters: {} });
    test.userSays('What time is it?');
    ask();
    test.agent.session.fail('connection_lost');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await pass(500);
    ask();
    await pass(2_000);
    expect(test.agent.sessions.map(({ calls }) => calls.filter(([name]) => name === 'toolResult').length)).toEqual([0, 1]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    test.conversation.close('client');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('forgets with the connection what the stop button kept back', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.conversation.interrupt();
    test.agent.session.fail('connection_lost');
    await pass(300);
    test.agentSays('Are you still there?', 300, 2);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([2]);
    test.conversation.close('client');
  });

  it('does not hear the greeting again where it cannot be overridden', async () => {
    const test = await TestAgentConversation.start({ overridable: [] });
    test.agentSays('Welcome!', 300, 1);
    await pass(2_000);
    test.agent.session.fail('connection_lost');
    await pass(300);
    test.agentSays('Welcome!', 300, 2);
    await pass(2_000);
    expect(test.sink.of('text_response')).toHaveLength(1);
    expect(test.sink.speech.flatMap(({ pcm }) => [...pcm])).not.toContain(2);
    test.userSays('Hello?');
    test.agentSays('Yes?', 300, 3);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([3]);
    test.conversation.close('client');
  });

  it('says once that audio was lost, the oldest', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 1 ? 'hangs' : 'opens') });
    test.agent.session.fail('connection_lost');
    for (let second = 0; second < 20; second++) test.conversation.pushAudio(new Int16Array(16_000).fill(second));
    expect(test.sink.of('notice')).toEqual([{ type: 'notice', code: 'audio_dropped', message: expect.any(String) }]);
    test.conversation.close('client');
  });

  it('keeps the newest audio', async () => {
    const test = await TestAgentConversation.start();
    test.agent.session.fail('connection_lost');
    for (let second = 0; second < 20; second++) test.conversation.pushAudio(new Int16Array(16_000).fill(second));
    await pass(300);
    const { heard } = test.agent.sessions[1];
    expect([...new Set(heard)]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    test.conversation.close('client');
  });

  it('tries three times, later and later, and then gives up', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'opens' : 'unavailable') });
    test.agent.session.fail('connection_lost');
    const openings: number[] = [];
    for (let i = 0; i < 60; i++) {
      await pass(20);
      openings.push(test.agent.openings.length);
    }
    // 125, 250 and 500 ms, each up to the next look of the clock.
    expect([openings.indexOf(2), openings.indexOf(3), openings.indexOf(4)]).toEqual([6, 19, 44]);
    expect(test.agent.openings).toHaveLength(4);
    expect(failures(test)).toEqual([
      ['agent_failed', false],
      ['agent_failed', true],
    ]);
    expect(test.sink.log.slice(-3)).toEqual(['state IDLE 1', 'conversation_ended', 'ended error']);
    expect(test.releases).toBe(1);
  });

  it('counts connections that last a moment together, and forgets them after one that lasts', async () => {
    const test = await TestAgentConversation.start();
    for (let loss = 0; loss < 3; loss++) {
      test.agent.session.fail('connection_lost');
      await pass(600);
    }
    await pass(10_000);
    for (let loss = 0; loss < 3; loss++) {
      test.agent.session.fail('connection_lost');
      await pass(600);
    }
    expect(test.sink.endings).toEqual([]);
    test.agent.session.fail('connection_lost');
    expect(test.sink.endings).toEqual(['error']);
  });

  it.each<ProviderErrorCode>(['auth', 'quota', 'invalid_request', 'model_not_found'])('does not try again after %s', async (code) => {
    const test = await TestAgentConversation.start();
    test.agent.session.fail(code);
    await pass(60_000);
    expect(test.agent.openings).toHaveLength(1);
    expect(failures(test)).toEqual([['agent_failed', true]]);
    expect(test.sink.endings).toEqual(['error']);
  });

  it.each<ProviderErrorCode>(['auth', 'quota', 'invalid_request'])('does not begin after %s', async (code) => {
    const test = await TestAgentConversation.start({ opening: () => code });
    expect(failures(test)).toEqual([['agent_failed', true]]);
    expect(test.sink.endings).toEqual(['error']);
    expect(logger.text).not.toContain('secret');
  });

  it('begins later when the first attempt fails', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'timeout' : 'opens') });
    test.conversation.pushAudio(Int16Array.of(1));
    test.conversation.pushText('Hello?');
    await pass(300);
    expect(test.agent.session.heard).toEqual([1]);
    expect(test.agent.session.calls).toEqual([['sendText', 'Hello?']]);
    expect(failures(test)).toEqual([['agent_failed', false]]);
    test.conversation.close('client');
  });

  it('says aloud that it is not to be reached, when the words are at hand', async () => {
    const test = await TestAgentConversation.start({ lineMs: 2_000 });
    test.userSays('Hello?');
    test.agent.session.fail('quota');
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([LINE_SAMPLE]);
    expect(test.sink.of('text_response')).toMatchObject([{ turn: 2, full_text: UNREACHABLE_NOTICE }]);
    expect(test.sink.endings).toEqual([]);
    expect(failures(test)).toEqual([['agent_failed', false]]);
    await pass(500);
    expect(failures(test)).toEqual([
      ['agent_failed', false],
      ['agent_failed', true],
    ]);
    expect(test.sink.endings).toEqual(['error']);
  });

  it('is silent about a conversation that was closed meanwhile', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'opens' : 'hangs') });
    test.agent.session.fail('connection_lost');
    await pass(300);
    test.conversation.close('client');
    await settle();
    expect(test.sink.endings).toEqual(['client']);
    expect(test.agent.openSessions).toBe(0);
  });
});
