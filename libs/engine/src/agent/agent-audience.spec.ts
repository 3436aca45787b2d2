import { onVirtualTime } from '../testing/on-virtual-time';
import { TestAgentConversation } from '../testing/test-agent-conversation';
import { pass } from '../testing/virtual-time';

/** Two people, of whom only those who say "Parley" are answered. */
const audience = () => ({
  speaker: undefined as string | undefined,
  judge({ text }: { text: string }) {
    return { isAnswered: text.includes('Parley'), ...(this.speaker !== undefined && { speaker: this.speaker }) };
  },
});

describe('a conversation of several people with the agent', () => {
  onVirtualTime();

  it('drops what the agent says to words that were not meant for it, whatever it sends, until somebody speaks again', async () => {
    const test = await TestAgentConversation.start({ audience: audience() });
    test.userSays('Shall we go?');
    test.agentSays('Where to?', 500, 7);
    await pass(300);
    test.agentSays('Tell me.', 500, 8);
    await pass(3_000);
    expect(test.sink.speech).toEqual([]);
    expect(test.sink.of('reply_text')).toEqual([]);
    expect(test.sink.of('failure')).toEqual([]);
    expect(test.sink.state).toBe('USER_SPEAKING');
    test.userSays('Parley, what time is it?');
    test.agentSays('It is noon.', 500, 9);
    await pass(2_000);
    expect(test.samplesOf(2)).toEqual([9]);
    test.conversation.end('client');
  });

  it('tells the agent who speaks, and remembers it', async () => {
    const people = audience();
    const test = await TestAgentConversation.start({ audience: people });
    people.speaker = 'Asha';
    test.conversation.pushAudio(new Int16Array(320));
    test.userSays('Parley, hello.');
    expect(test.agent.session.calls).toEqual([['contextualUpdate', 'Asha is speaking now.']]);
    expect(test.conversation.memory().messages).toEqual([{ role: 'user', content: 'Asha: Parley, hello.' }]);
    test.conversation.end('client');
  });

  it('sends typed words to the agent only if they are to be answered', async () => {
    const test = await TestAgentConversation.start({ audience: audience() });
    test.conversation.pushText('see you later');
    test.conversation.pushText('Parley, and you?');
    expect(test.agent.session.calls).toEqual([
      ['contextualUpdate', expect.stringContaining('see you later')],
      ['sendText', 'Parley, and you?'],
    ]);
    expect(test.conversation.memory().messages.map(({ content }) => content)).toEqual(['see you later', 'Parley, and you?']);
    test.conversation.end('client');
  });
});

describe('a conversation with the agent that is continued', () => {
  onVirtualTime();

  it('tells the new agent what was said, does not greet again, and counts its turns on', async () => {
    const first = await TestAgentConversation.start({ firstMessage: 'Welcome!' });
    first.agentSays('Welcome!', 300);
    await pass(2_000);
    first.userSays('My name is Asha.');
    first.agentSays('Hello Asha.', 300);
    await pass(2_000);
    first.conversation.end('server_shutdown');
    const memory = first.conversation.memory();
    expect(memory.messages).toEqual([
      { role: 'assistant', content: 'Welcome!' },
      { role: 'user', content: 'My name is Asha.' },
      { role: 'assistant', content: 'Hello Asha.' },
    ]);
    const test = await TestAgentConversation.start({ firstMessage: 'Welcome!', lineMs: 500, start: { memory } });
    await pass(100);
    expect(test.agent.openings[0].overrides).toEqual({ firstMessage: '' });
    expect(test.sink.speech).toEqual([]);
    expect(test.agent.session.calls).toEqual([
      ['contextualUpdate', expect.stringMatching(/You: Welcome!\nUser: My name is Asha\.\nYou: Hello Asha\.$/)],
    ]);
    test.userSays('What is my name?');
    expect(test.sink.of('transcript').at(-1)).toMatchObject({ turn: memory.turn + 1 });
    test.conversation.end('client');
  });

  it('withholds the greeting of an agent that cannot be told not to greet', async () => {
    const memory = { messages: [{ role: 'assistant' as const, content: 'Welcome!' }], earlier: [], turn: 1 };
    const test = await TestAgentConversation.start({ overridable: [], start: { memory } });
    test.agentSays('Welcome!', 300, 5);
    await pass(1_000);
    expect(test.sink.speech).toEqual([]);
    test.userSays('Hello again.');
    test.agentSays('Hello.', 300, 6);
    await pass(1_000);
    expect(test.samplesOf(2)).toEqual([6]);
    test.conversation.end('client');
  });
});
