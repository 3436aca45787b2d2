import type { ProviderErrorCode } from '@parley/providers';
import { onVirtualTime } from '../testing/on-virtual-time';
import { TestAgentConversation } from '../testing/test-agent-conversation';
import { pass } from '../testing/virtual-time';

describe('a connection to the agent that is lost in the middle of a reply', () => {
  onVirtualTime();

  const REPLY = 'One two three four five six seven eight nine ten.';
  const HEARD = 'One two three four five';

  /** The start and the duration of each letter of the spoken text, evenly spaced. */
  const evenly = (text: string, durationMs: number) => {
    const stepMs = durationMs / text.length;
    return { chars: [...text], startMs: [...text].map((_, i) => i * stepMs), durationMs: [...text].map(() => stepMs) };
  };

  /** Half of the reply had been spoken, and half of that had been played, when the connection was lost. */
  async function cutShort(code: ProviderErrorCode = 'connection_lost'): Promise<TestAgentConversation> {
    const test = await TestAgentConversation.start();
    test.userSays('Count!');
    test.agent.session.tell({ type: 'reply_text', text: REPLY });
    test.agent.session.speak(12_000, 1, evenly(HEARD, 12_000));
    await pass(6_000);
    test.agent.session.fail(code);
    return test;
  }

  it('lets the listener hear the audio that has arrived, and then ends the turn', async () => {
    const test = await cutShort();
    await pass(5_900);
    expect(test.sink.state).toBe('AI_SPEAKING');
    await pass(500);
    expect(test.sink.speechMsOf(1)).toBe(12_000);
    // The end of the turn was sent together with the last of the audio.
    expect(test.sink.log.slice(-4)).toEqual(['speech 1 last', 'failure', 'turn_measured', 'state USER_SPEAKING 2']);
    expect(test.sink.of('interrupted')).toEqual([]);
    test.conversation.end('client');
  });

  it('reports how much of the reply was heard', async () => {
    const test = await cutShort();
    await pass(7_000);
    expect(test.sink.of('turn_measured')).toMatchObject([{ turn: 1, heardText: HEARD }]);
    test.conversation.end('client');
  });

  it('gives the new connection the part that was spoken, and no more', async () => {
    const test = await cutShort();
    await pass(300);
    expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringMatching(/User: Count!\nYou: One two three four five…$/)]]);
    test.conversation.end('client');
  });

  it('gives the new connection the whole reply when all of it was spoken', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Count!');
    test.agent.session.tell({ type: 'reply_text', text: REPLY });
    test.agent.session.speak(12_000, 1, evenly(REPLY, 12_000));
    test.agent.session.fail('connection_lost');
    await pass(300);
    expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringMatching(/nine ten\.$/)]]);
    await pass(13_000);
    expect(test.sink.of('turn_measured')[0]).not.toHaveProperty('heardText');
    test.conversation.end('client');
  });

  it('completes text that was arriving in pieces', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Count!');
    for (const text of ['One two ', 'three four']) test.agent.session.tell({ type: 'reply_text_part', text });
    test.agent.session.speak(3_000);
    test.agent.session.fail('connection_lost');
    await pass(300);
    expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringMatching(/You: One two three four/)]]);
    await pass(4_000);
    expect(test.sink.of('reply_text').at(-1)).toEqual({
      type: 'reply_text',
      turn: 1,
      text: '',
      final: { fullText: 'One two three four' },
    });
    expect(test.sink.state).toBe('USER_SPEAKING');
    test.conversation.end('client');
  });

  it('stops the reply at the first words of the user, because the new connection cannot recognise them as an interruption', async () => {
    const test = await cutShort();
    await pass(300);
    test.agent.session.tell({ type: 'user_transcript', text: 'Wait', isFinal: false });
    expect(test.sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    expect(test.sink.of('transcript').at(-1)).toMatchObject({ turn: 2, text: 'Wait' });
    test.conversation.end('client');
  });

  it('reports how much of the reply was heard even when it cannot be restored', async () => {
    const test = await cutShort('quota');
    await pass(7_000);
    expect(test.sink.of('turn_measured')).toMatchObject([{ turn: 1, heardText: HEARD }]);
    expect(test.sink.endings).toEqual(['error']);
  });

  it.each([
    ['while a tool runs', 0],
    ['while the result of the tool was being sent', 200],
  ])('requests again an answer that had only been announced when it was lost %s', async (_when, afterMs) => {
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
    expect(test.sink.of('state_changed').at(-1)).toMatchObject({ phase: 'USER_SPEAKING', turn: 2 });
    // After a second loss, the answer is still missing and is requested again.
    test.agent.session.fail('connection_lost');
    await pass(600);
    expect(test.agent.session.calls).toEqual(asked);
    test.agentSays('It is noon.', 300);
    await pass(2_000);
    expect(test.sink.of('reply_text').at(-1)).toMatchObject({ turn: 2, final: { fullText: 'It is noon.' } });
    test.agent.session.fail('connection_lost');
    await pass(1_000);
    expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringContaining('It is noon.')]]);
    test.conversation.end('client');
  });

  it('does not request again an answer that the user has stopped', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('What time is it?');
    test.agentSays('Let me see.', 1_000);
    test.agent.session.tell({ type: 'tool_called', callId: 'tc1', name: 'get_current_time', parameters: {} });
    test.agent.session.fail('connection_lost');
    test.conversation.interrupt();
    await pass(300);
    expect(test.agent.session.calls.map(([name]) => name)).toEqual(['contextualUpdate']);
    test.conversation.end('client');
  });

  it('also ends the turn when the agent cannot be reached again', async () => {
    const test = await TestAgentConversation.start({ opening: (index) => (index === 0 ? 'opens' : 'unavailable') });
    test.userSays('Count!');
    test.agentSays(REPLY, 12_000);
    test.agent.session.fail('connection_lost');
    await pass(11_900);
    expect(test.sink.endings).toEqual([]);
    await pass(1_000);
    expect(test.sink.speechMsOf(1)).toBe(12_000);
    expect(test.sink.log.slice(-4)).toEqual(['state USER_SPEAKING 2', 'failure', 'state IDLE 2', 'ended error']);
  });
});
