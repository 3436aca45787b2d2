import type { ProviderErrorCode } from '@parley/providers';
import { onVirtualTime } from '../testing/on-virtual-time';
import { LINE_SAMPLE, TestAgentConversation } from '../testing/test-agent-conversation';
import { pass, settle } from '../testing/virtual-time';
import { UNREACHABLE_NOTICE } from './unreachable-notice';

describe('a conversation whose connection to the agent is lost', () => {
  const suite = onVirtualTime();

  const failures = (test: TestAgentConversation) => test.sink.of('failure').map(({ stage, fatal }) => [stage, fatal]);

  it('continues after one error message, with the history handed over and the audio of the meantime sent', async () => {
    const test = await TestAgentConversation.start();
    test.agentSays('Welcome!', 300);
    await pass(2_000);
    test.userSays('My name is Asha.');
    test.agentSays('Hello Asha.', 300);
    await pass(2_000);
    test.agent.session.fail('connection_lost');
    expect(failures(test)).toEqual([['agent', false]]);
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
    expect(test.sink.of('reply_text').at(-1)).toMatchObject({ turn: 3, final: { fullText: 'Asha.' } });
    expect(failures(test)).toHaveLength(1);
    test.conversation.end('client');
  });

  it.each(['spoken', 'typed'])('asks again what was not answered: %s', async (how) => {
    const test = await TestAgentConversation.start();
    if (how === 'typed') test.conversation.pushText('What is my name?');
    else test.userSays('What is my name?');
    test.agent.session.fail('unavailable');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['sendText', 'What is my name?']]);
    test.agentSays('Asha.', 300);
    expect(test.sink.of('reply_text')).toMatchObject([{ turn: 1 }]);
    test.conversation.end('client');
  });

  it('asks again what was answered in text but not in audio', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('What is my name?');
    test.agent.session.tell({ type: 'reply_text', text: 'Let me think.' });
    test.agent.session.fail('unavailable');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['sendText', 'What is my name?']]);
    // This is longer than a reply in text only keeps its turn.
    await pass(7_000);
    test.agentSays('Asha.', 300, 2);
    await pass(2_000);
    expect(test.sink.of('reply_text').at(-1)).toMatchObject({ turn: 1, final: { fullText: 'Asha.' } });
    expect(test.samplesOf(1)).toEqual([2]);
    expect(test.sink.of('state_changed').at(-1)).toMatchObject({ phase: 'USER_SPEAKING', turn: 2 });
    test.conversation.end('client');
  });

  it('sends what was typed while there was no connection', async () => {
    const test = await TestAgentConversation.start();
    test.agent.session.fail('unavailable');
    test.conversation.pushText('Are you there?');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['sendText', 'Are you there?']]);
    test.conversation.end('client');
  });

  it('hands over what the user had begun to say', async () => {
    const test = await TestAgentConversation.start();
    test.agent.session.tell({ type: 'user_transcript', text: 'I would like', isFinal: false });
    test.agent.session.fail('unavailable');
    await pass(300);
    expect(test.agent.sessions[1].calls).toEqual([['contextualUpdate', expect.stringContaining('I would like')]]);
    test.conversation.end('client');
  });

  it.each([0, 20_000])(
    'ends an answer in text only when the agent cannot be reached again, with an announcement of %i ms',
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
        ['agent', false],
        ['agent', true],
      ]);
      expect(test.sink.endings).toEqual(['error']);
    },
  );

  it('sends the result of a tool only to the connection that asked for it', async () => {
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
    test.conversation.end('client');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('does not apply the stop button to replies of a new connection', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.conversation.interrupt();
    test.agent.session.fail('connection_lost');
    await pass(300);
    test.agentSays('Are you still there?', 300, 2);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([2]);
    test.conversation.end('client');
  });

  it('does not play the greeting again when the agent cannot be told to omit it', async () => {
    const test = await TestAgentConversation.start({ overridable: [] });
    test.agentSays('Welcome!', 300, 1);
    await pass(2_000);
    test.agent.session.fail('connection_lost');
    await pass(300);
    test.agentSays('Welcome!', 300, 2);
    await pass(2_000);
    expect(test.sink.of('reply_text')).toHaveLength(1);
    expect(test.sink.speech.flatMap(({ pcm }) => [...pcm])).not.toContain(2);
    test.userSays('Hello?');
    test.agentSays('Yes?', 300, 3);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([3]);
    test.conversation.end('client');
  });

  it('reports once that the oldest audio was dropped', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 1 ? 'hangs' : 'opens') });
    test.agent.session.fail('connection_lost');
    for (let second = 0; second < 20; second++) test.conversation.pushAudio(new Int16Array(16_000).fill(second));
    expect(test.sink.of('notice')).toEqual([{ type: 'notice', turn: 1, notice: 'audio_dropped' }]);
    test.conversation.end('client');
  });

  it('keeps the newest audio', async () => {
    const test = await TestAgentConversation.start();
    test.agent.session.fail('connection_lost');
    for (let second = 0; second < 20; second++) test.conversation.pushAudio(new Int16Array(16_000).fill(second));
    await pass(300);
    const { heard } = test.agent.sessions[1];
    expect([...new Set(heard)]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    test.conversation.end('client');
  });

  it('tries three times with growing delays, and then gives up', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'opens' : 'unavailable') });
    test.agent.session.fail('connection_lost');
    const openings: number[] = [];
    for (let i = 0; i < 60; i++) {
      await pass(20);
      openings.push(test.agent.openings.length);
    }
    // The delays of 125, 250 and 500 ms, each rounded up to the next tick of the clock.
    expect([openings.indexOf(2), openings.indexOf(3), openings.indexOf(4)]).toEqual([6, 19, 44]);
    expect(test.agent.openings).toHaveLength(4);
    expect(failures(test)).toEqual([
      ['agent', false],
      ['agent', true],
    ]);
    expect(test.sink.log.slice(-2)).toEqual(['state IDLE 1', 'ended error']);
    expect(test.releases).toBe(1);
  });

  it('counts attempts across connections that break at once, and starts anew after one that lasts', async () => {
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

  it.each<ProviderErrorCode>(['auth', 'quota', 'invalid_request', 'model_not_found'])(
    'does not try again after an error of type %s',
    async (code) => {
      const test = await TestAgentConversation.start();
      test.agent.session.fail(code);
      await pass(60_000);
      expect(test.agent.openings).toHaveLength(1);
      expect(failures(test)).toEqual([['agent', true]]);
      expect(test.sink.endings).toEqual(['error']);
    },
  );

  it.each<ProviderErrorCode>(['auth', 'quota', 'invalid_request'])('does not start after an error of type %s', async (code) => {
    const test = await TestAgentConversation.start({ opening: () => code });
    expect(failures(test)).toEqual([['agent', true]]);
    expect(test.sink.endings).toEqual(['error']);
    expect(suite.logger.text).not.toContain('secret');
  });

  it('starts later when the first attempt fails', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'timeout' : 'opens') });
    test.conversation.pushAudio(Int16Array.of(1));
    test.conversation.pushText('Hello?');
    await pass(300);
    expect(test.agent.session.heard).toEqual([1]);
    expect(test.agent.session.calls).toEqual([['sendText', 'Hello?']]);
    expect(failures(test)).toEqual([['agent', false]]);
    test.conversation.end('client');
  });

  it('says aloud that the agent cannot be reached, when that line is in the cache', async () => {
    const test = await TestAgentConversation.start({ lineMs: 2_000 });
    test.userSays('Hello?');
    test.agent.session.fail('quota');
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([LINE_SAMPLE]);
    expect(test.sink.of('reply_text')).toMatchObject([{ turn: 2, final: { fullText: UNREACHABLE_NOTICE } }]);
    expect(test.sink.endings).toEqual([]);
    expect(failures(test)).toEqual([['agent', false]]);
    await pass(500);
    expect(failures(test)).toEqual([
      ['agent', false],
      ['agent', true],
    ]);
    expect(test.sink.endings).toEqual(['error']);
  });

  it('reports nothing when the conversation was closed in the meantime', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'opens' : 'hangs') });
    test.agent.session.fail('connection_lost');
    await pass(300);
    test.conversation.end('client');
    await settle();
    expect(test.sink.endings).toEqual(['client']);
    expect(test.agent.openSessions).toBe(0);
  });
});
