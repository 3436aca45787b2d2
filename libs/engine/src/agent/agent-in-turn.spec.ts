import { onVirtualTime } from '../testing/on-virtual-time';
import { TestAgentConversation } from '../testing/test-agent-conversation';
import { pass } from '../testing/virtual-time';

describe('a conversation with the agent is in a turn', () => {
  onVirtualTime();

  it('from the first words of the user until the answer was played', async () => {
    const test = await TestAgentConversation.start();
    const { conversation, agent } = test;
    expect(conversation.isInTurn).toBe(false);
    agent.session.tell({ type: 'user_transcript', text: 'What is', isFinal: false });
    expect(conversation.isInTurn).toBe(true);
    test.userSays('What is it?');
    await pass(200);
    expect(conversation.isInTurn).toBe(true);
    test.agentSays('It is a parrot.', 1_000);
    await pass(3_000);
    expect(conversation.isInTurn).toBe(false);
    conversation.end('client');
    expect(conversation.isInTurn).toBe(false);
  });
});
