import { bodyOf } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { eventually } from '../../testing/raw-socket';

describe('text in a conversation with an agent', () => {
  let setup: AgentTestSetup;

  beforeEach(async () => {
    setup = await AgentTestSetup.start({
      agents: [
        { id: 'chat', firstMessage: '', overrides: ['text_only'] },
        { id: 'writer', textOnly: true },
      ],
      limits: { agentTypingMs: 80 },
    });
  });

  afterEach(() => setup.close());

  it.each([
    ['the agent', 'writer', {}],
    ['the client', 'chat', { conversation_config_override: { conversation: { text_only: true } } }],
  ])('streams the words of a reply, and sends no audio, when %s wants text only', async (_who, agentId, initiation) => {
    const caller = await setup.call(agentId, initiation);
    if (agentId === 'writer') await caller.nextResponse();
    const before = caller.all('agent_chat_response_part').length;
    caller.write('What is two plus two?');
    const text = await caller.nextResponse();
    const parts = caller.all('agent_chat_response_part').slice(before).map(bodyOf);
    expect(parts.map(({ type }) => type)).toEqual(['start', ...parts.slice(2).map(() => 'delta'), 'stop']);
    expect(parts.map(({ text: part }) => part).join('')).toBe(text);
    expect(parts.length).toBeGreaterThan(4);
    expect(new Set(parts.map(({ event_id: id }) => id)).size).toBe(1);
    expect(caller.all('audio')).toEqual([]);
    expect(setup.counters.audioOutMs).toBe(0);
  });

  it('streams the words beside the audio to a client that subscribed to them', async () => {
    const events = ['audio', 'agent_response', 'agent_chat_response_part'];
    const caller = await setup.call('quiet', { conversation_config_override: { conversation: { client_events: events } } });
    caller.write('Tell me a joke.');
    const text = await caller.nextResponse();
    await eventually(() => caller.all('agent_chat_response_part').map(bodyOf).at(-1)?.['type'] === 'stop');
    const parts = caller.all('agent_chat_response_part').map((part) => bodyOf(part)['text']);
    expect(parts.join('')).toBe(text);
    await caller.next('audio');
  });

  it('uses only the text of a multimodal message', async () => {
    const caller = await setup.call();
    caller.socket.send({ type: 'multimodal_message', text: { type: 'user_message', text: 'Two plus two?' }, file: { type: 'file_input' } });
    expect(await caller.nextResponse()).toContain('four');
  });

  it('is waited for while the user types, even when the agent hears speech', async () => {
    await setup.close();
    setup = await AgentTestSetup.start({ limits: { agentTypingMs: 60_000 } });
    const caller = await setup.call();
    setup.simulator.recogniser.expect('hello there');
    caller.socket.send({ type: 'user_activity' });
    caller.speak();
    await caller.next('user_transcript');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(caller.all('agent_response')).toEqual([]);
    caller.write('Two plus two?');
    expect(await caller.nextResponse()).toContain('four');
    expect(caller.all('agent_response')).toHaveLength(1);
    expect(setup.counters.userActivities).toBe(1);
  });

  it('is waited for only for a limited time', async () => {
    const caller = await setup.call();
    setup.simulator.recogniser.expect('hello there');
    caller.socket.send({ type: 'user_activity' });
    caller.speak();
    expect(await caller.nextResponse()).toMatch(/^Hello/);
  });

  it('stores a contextual update without answering it', async () => {
    const caller = await setup.call();
    caller.socket.send({
      type: 'contextual_update',
      text: 'Earlier in this call. User: my name is Michael. Agent: hello.',
      context_id: 'c',
    });
    caller.write('What is my name?');
    expect(await caller.nextResponse()).toBe('Your name is Michael.');
    expect(caller.all('agent_response')).toHaveLength(1);
    expect(setup.counters.contextUpdates).toEqual(['Earlier in this call. User: my name is Michael. Agent: hello.']);
  });

  it('uses context that came before the first turn, but prefers what the user says later', async () => {
    const caller = await setup.call();
    caller.socket.send({ type: 'contextual_update', text: "The user's name is Anna." });
    caller.write('What is my name?');
    expect(await caller.nextResponse()).toBe('Your name is Anna.');
    caller.write('My name is Bob.');
    await caller.nextResponse();
    caller.write('What is my name?');
    expect(await caller.nextResponse()).toBe('Your name is Bob.');
  });

  it('accepts feedback and approvals', async () => {
    const caller = await setup.call();
    caller.socket.send({ type: 'feedback', event_id: 3, score: 'like' });
    caller.socket.send({ type: 'mcp_tool_approval_result', tool_call_id: 'x', is_approved: true });
    caller.write('Hello.');
    await caller.nextResponse();
    expect(setup.counters.feedback).toBe(1);
  });
});
