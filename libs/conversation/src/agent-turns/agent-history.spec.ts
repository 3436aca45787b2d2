import { AgentHistory } from './agent-history';

describe('AgentHistory', () => {
  it('gives a new connection what was said, with the corrections applied', () => {
    let history = AgentHistory.EMPTY;
    expect(history.handover(undefined)).toBeUndefined();
    history = history.agentSaid(1, 'Hello.');
    history = history.userSaid(2, 'Tell me a story.');
    history = history.agentSaid(2, 'Once upon a time there was a king.');
    history = history.agentSaid(2, 'Once upon…');
    expect(history.handover(undefined)?.split('\n').slice(1)).toEqual(['You: Hello.', 'User: Tell me a story.', 'You: Once upon…']);
    expect(history.greeting).toBe('Hello.');
  });

  it('leaves out the words that are asked again, and records who spoke first', () => {
    let history = AgentHistory.EMPTY;
    history = history.userSaid(1, 'Hello?');
    expect(history.handover('Hello?')).toBeUndefined();
    expect(history.handover(undefined)).toContain('User: Hello?');
    expect(history.greeting).toBeUndefined();
    history = history.agentSaid(1, 'Hello!');
    expect(history.greeting).toBeUndefined();
  });

  it('is bounded in length and keeps the newest messages', () => {
    let history = AgentHistory.EMPTY;
    for (let turn = 1; turn <= 1_000; turn++) {
      history = history.userSaid(turn, `question ${turn} ${'x'.repeat(2_000)}`);
      history = history.agentSaid(turn, `answer ${turn}`);
    }
    const told = history.handover(undefined) ?? '';
    expect(told.length).toBeLessThan(4_300);
    expect(told).toContain('answer 1000');
    expect(told).not.toContain('answer 900');
  });
});
