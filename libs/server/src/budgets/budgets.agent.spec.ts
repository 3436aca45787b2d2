import { FakeVoiceAgent } from '@parley/testing';
import { onVirtualTime, pass } from '@parley/engine/testing';
import { BudgetedServer } from '../testing/budgeted-talk';

const secondOfAudio = () => new Int16Array(16_000).fill(1_000);

describe('the budgets of conversations with an agent', () => {
  onVirtualTime({ mayLeaveTimers: true });

  async function talk(limits: Record<string, string>) {
    const server = new BudgetedServer(limits);
    const agent = new FakeVoiceAgent({ info: { name: 'agent', simulated: false } });
    const { sink, conversation } = await server.talkToAgent(agent);
    return { server, agent, sink, conversation };
  }

  it('count its turns and its text, and end the conversation after the last answer was heard', async () => {
    const { server, agent, sink } = await talk({ TURNS_PER_CONVERSATION: '1' });
    agent.session.tell({ type: 'user_transcript', text: 'what time is it', isFinal: true });
    agent.session.tell({ type: 'reply_text', text: 'It is three.' });
    agent.session.speak(1_000, 1);
    await pass(500);
    expect(sink.of('budget_spent')).toEqual([]);
    await pass(10_000);
    expect(sink.speechMsOf(1)).toBeCloseTo(1_000, 0);
    expect(sink.of('budget_spent')).toEqual([{ type: 'budget_spent', kind: 'turns', scope: 'conversation' }]);
    expect(sink.endings).toEqual(['error']);
    expect(await server.metric('parley_budget_spent_total', { kind: 'turns' })).toBe(1);
    expect(await server.metric('parley_budget_spent_total', { kind: 'model_requests' })).toBe(1);
    expect(await server.metric('parley_budget_spent_total', { kind: 'voice_characters' })).toBe('It is three.'.length);
  });

  it('do not count a greeting as a turn of the user', async () => {
    const { agent, sink } = await talk({ TURNS_PER_CONVERSATION: '1' });
    agent.session.tell({ type: 'reply_text', text: 'Hello!' });
    agent.session.speak(500, 1);
    await pass(5_000);
    expect(sink.of('budget_spent')).toEqual([]);
    expect(sink.endings).toEqual([]);
  });

  it('give the agent no more audio than the limit, and end the conversation', async () => {
    const { server, agent, sink, conversation } = await talk({ RECOGNITION_SECONDS_PER_CONVERSATION: '2' });
    for (let pushed = 0; pushed < 2; pushed++) conversation.pushAudio(secondOfAudio());
    expect(sink.of('budget_spent')).toEqual([]);
    conversation.pushAudio(secondOfAudio());
    expect(sink.of('budget_spent')).toEqual([{ type: 'budget_spent', kind: 'recognition_ms', scope: 'conversation' }]);
    expect(sink.endings).toEqual(['error']);
    expect(agent.session.heard).toHaveLength(2 * 16_000);
    expect(await server.metric('parley_budget_spent_total', { kind: 'recognition_seconds' })).toBe(2);
  });

  it('refuse a conversation of a spent day before the agent is asked', async () => {
    const server = new BudgetedServer({ TURNS_PER_DAY: '1' });
    const agent = new FakeVoiceAgent({ info: { name: 'agent', simulated: false } });
    await server.talkToAgent(agent);
    agent.session.tell({ type: 'user_transcript', text: 'hello', isFinal: true });
    const { sink } = await server.talkToAgent(agent);
    expect(sink.log).toEqual(['budget_spent', 'ended error']);
    expect(agent.sessions).toHaveLength(1);
  });
});
