import { onVirtualTime } from '../testing/on-virtual-time';
import { TestAgentConversation } from '../testing/test-agent-conversation';
import { pass } from '../testing/virtual-time';

describe('an interruption of the agent', () => {
  onVirtualTime();

  it('by voice is reported before anything else, stops the audio, and applies the agent’s correction of its text', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agentSays('A long answer that nobody hears.', 20_000);
    await pass(1_000);
    const before = test.sink.log.length;
    test.agent.session.tell({ type: 'interrupted' });
    expect(test.sink.log.slice(before)).toEqual(['clear 1', 'interrupted', 'turn_measured', 'state USER_SPEAKING 2']);
    expect(test.sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    test.agent.session.tell({ type: 'reply_corrected', original: 'A long answer that nobody hears.', text: 'A long…' });
    expect(test.sink.of('reply_text').at(-1)).toEqual({
      type: 'reply_text',
      turn: 1,
      text: '',
      final: { fullText: 'A long…' },
    });
    const sent = test.sink.speechMsOf(1);
    await pass(20_000);
    expect(test.sink.speechMsOf(1)).toBe(sent);
    test.conversation.end('client');
  });

  it('ignores a correction of any reply but the last', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agentSays('The new answer.', 300);
    test.agent.session.tell({ type: 'reply_corrected', original: 'The old answer.', text: 'The old…' });
    expect(test.sink.of('reply_text')).toHaveLength(1);
    test.conversation.end('client');
  });

  it('ignores a correction that does not name the text it corrects', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agentSays('A long answer that nobody hears.', 20_000);
    test.agent.session.tell({ type: 'interrupted' });
    test.agent.session.tell({ type: 'reply_corrected', original: '', text: 'A long…' });
    expect(test.sink.of('reply_text')).toHaveLength(1);
    test.conversation.end('client');
  });

  it('reports which words were heard', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agentSays('One two three four five six seven eight', 4_000);
    await pass(100);
    test.conversation.reportPlayback({ turn: 1, event: 'progress', playedMs: 2_000 });
    test.agent.session.tell({ type: 'interrupted' });
    expect(test.sink.of('turn_measured')[0].heardText).toMatch(/^One two three/);
    expect(test.sink.of('turn_measured')[0].heardText).not.toContain('seven');
    test.conversation.end('client');
  });

  it('assigns the user’s words to the turn that follows', async () => {
    const test = await TestAgentConversation.start();
    test.agentSays('Welcome to this very long greeting.', 5_000);
    test.agent.session.tell({ type: 'user_transcript', text: 'Wait', isFinal: false });
    expect(test.sink.of('transcript').at(-1)).toMatchObject({ turn: 2, text: 'Wait' });
    test.agent.session.tell({ type: 'interrupted' });
    test.userSays('Wait!');
    expect(test.sink.of('transcript').at(-1)).toMatchObject({ turn: 2, text: 'Wait!', isFinal: true });
    expect(test.sink.state).toBe('AI_PROCESSING');
    test.conversation.end('client');
  });

  it('is recognised from the user’s words when the agent does not report it', async () => {
    const test = await TestAgentConversation.start();
    test.agentSays('Welcome to this very long greeting.', 5_000);
    test.userSays('Stop!');
    expect(test.sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    expect(test.sink.of('state_changed').slice(-2)).toMatchObject([
      { phase: 'USER_SPEAKING', turn: 2 },
      { phase: 'AI_PROCESSING', turn: 2 },
    ]);
    // The report that arrives after the words is about the greeting.
    test.agent.session.tell({ type: 'interrupted' });
    expect(test.sink.of('interrupted')).toHaveLength(1);
    expect(test.sink.state).toBe('AI_PROCESSING');
    test.conversation.end('client');
  });

  it('by typed text drops the rest of the old reply’s audio and plays that of the new reply', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agentSays('A long answer.', 5_000, 1);
    test.conversation.pushText('Never mind.');
    test.agent.session.speak(1_000, 2);
    test.agentSays('All right.', 300, 3);
    await pass(2_000);
    expect(test.sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'text' }]);
    expect(test.samplesOf(1)).toEqual([1]);
    expect(test.samplesOf(2)).toEqual([3]);
    test.conversation.end('client');
  });

  it('by the stop button drops everything else of that reply, until the next one', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agentSays('A long answer.', 5_000, 1);
    await pass(1_000);
    test.conversation.interrupt();
    expect(test.sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'button' }]);
    expect(test.sink.state).toBe('USER_SPEAKING');
    expect(test.agent.session.calls.at(-1)).toEqual(['contextualUpdate', expect.stringContaining('stopped you')]);
    test.agent.session.speak(3_000, 2);
    await pass(5_000);
    expect(test.sink.speech.flatMap(({ pcm }) => [...pcm])).not.toContain(2);
    // The agent assumes that more was heard than really was.
    test.agent.session.tell({ type: 'reply_corrected', original: 'A long answer.', text: 'A long answer.' });
    expect(test.sink.of('reply_text')).toHaveLength(1);
    test.userSays('And now?');
    test.agentSays('Now this.', 300, 3);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([3]);
    test.conversation.end('client');
  });

  it('by the stop button before the answer drops its text and audio, but not those of the next answer', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.conversation.interrupt();
    test.agentSays('Too late.', 300, 1);
    await pass(2_000);
    expect(test.sink.of('reply_text')).toEqual([]);
    expect(test.sink.speech).toEqual([]);
    test.agentSays('Are you there?', 300, 2);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([2]);
    test.conversation.end('client');
  });

  it('by the stop button before the answer lets text typed afterwards be answered and heard', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.conversation.interrupt();
    test.conversation.pushText('What is it?');
    test.agentSays('It is a parrot.', 300, 2);
    await pass(2_000);
    expect(test.sink.of('reply_text')).toMatchObject([{ turn: 2, final: { fullText: 'It is a parrot.' } }]);
    expect(test.samplesOf(2)).toEqual([2]);
    test.conversation.end('client');
  });

  it.each([
    ['the button', (test: TestAgentConversation) => test.conversation.interrupt()],
    ['text', (test: TestAgentConversation) => test.conversation.pushText('Never mind.')],
    ['voice', (test: TestAgentConversation) => test.agent.session.tell({ type: 'interrupted' })],
  ])('by %s before anything of the reply was played reports that nothing was heard', async (_how, stop) => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.agent.session.tell({ type: 'reply_text', text: 'A long answer.' });
    stop(test);
    expect(test.sink.of('turn_measured')).toMatchObject([{ turn: 1, heardText: '' }]);
    test.conversation.end('client');
  });

  it('before there was any reply reports no heard text', async () => {
    const test = await TestAgentConversation.start();
    test.userSays('Hello?');
    test.conversation.interrupt();
    expect(test.sink.of('turn_measured')).toHaveLength(1);
    expect(test.sink.of('turn_measured')[0]).not.toHaveProperty('heardText');
    expect(test.agent.session.calls.at(-1)).toEqual(['contextualUpdate', expect.stringContaining('heard nothing')]);
    test.conversation.end('client');
  });

  it('does not happen when the stop button is pressed in the user’s turn', async () => {
    const test = await TestAgentConversation.start();
    test.conversation.interrupt();
    expect(test.sink.log).toEqual(['state USER_SPEAKING 1']);
    test.conversation.end('client');
  });
});
