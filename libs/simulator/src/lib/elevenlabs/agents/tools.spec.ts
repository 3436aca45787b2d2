import { bodyOf, type AgentCaller } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { eventually } from '../../testing/raw-socket';
import type { JsonObject } from '../../server/json';

const CLERK = {
  id: 'clerk',
  firstMessage: '',
  tools: [
    { name: 'get_current_time', type: 'client' as const },
    { name: 'open_door', type: 'client' as const },
    { name: 'end_call', type: 'system' as const },
  ],
};

describe('the tools of an agent', () => {
  let setup: AgentTestSetup;

  beforeEach(async () => {
    setup = await AgentTestSetup.start({ agents: [CLERK, { ...CLERK, id: 'hasty', toolTimeoutMs: 20 }] });
  });

  afterEach(() => setup.close());

  const answer = (caller: AgentCaller, call: JsonObject, result: string, isError = false): void =>
    caller.socket.send({ type: 'client_tool_result', tool_call_id: bodyOf(call)['tool_call_id'], result, is_error: isError });

  it('asks the client to use a tool and answers with its result', async () => {
    const caller = await setup.call('clerk');
    setup.simulator.recogniser.expect('what time is it');
    caller.speak();
    const call = await caller.next('client_tool_call');
    expect(call).toEqual({
      type: 'client_tool_call',
      client_tool_call: {
        tool_name: 'get_current_time',
        tool_call_id: expect.stringMatching(/^tool_\w{20}$/),
        parameters: {},
        event_id: expect.any(Number),
      },
    });
    expect(caller.all('agent_response')).toEqual([]);
    answer(caller, call, 'ten past four.');
    expect(await caller.nextResponse()).toBe('The time is ten past four.');
    await caller.next('audio');
    expect(setup.counters).toMatchObject({ toolCalls: 1, toolResults: 1 });
  });

  it('tells the user when the tool failed', async () => {
    const caller = await setup.call('clerk');
    caller.write('Please use the open door.');
    const call = await caller.next('client_tool_call');
    expect(bodyOf(call)['tool_name']).toBe('open_door');
    answer(caller, call, 'The door is stuck.', true);
    expect(await caller.nextResponse()).toBe('I am sorry, open door did not work.');
  });

  it('apologises when no result comes in time, and ignores one that comes later or for another call', async () => {
    const caller = await setup.call('hasty');
    caller.write('What time is it?');
    const call = await caller.next('client_tool_call');
    answer(caller, { client_tool_call: { tool_call_id: 'made-up' } }, 'noon');
    expect(await caller.nextResponse()).toContain('I am sorry');
    answer(caller, call, 'noon');
    await eventually(() => setup.counters.toolResults === 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(caller.all('agent_response')).toHaveLength(1);
  });

  it('abandons the call when the user speaks again in the meantime', async () => {
    const caller = await setup.call('clerk');
    caller.write('What time is it?');
    const call = await caller.next('client_tool_call');
    caller.write('What is two plus two?');
    expect(await caller.nextResponse()).toContain('four');
    answer(caller, call, 'noon');
    await eventually(() => setup.counters.toolResults === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(caller.all('agent_response')).toHaveLength(1);
  });

  it('answers without tools when the client does not subscribe to tool calls', async () => {
    const caller = await setup.call('clerk', {
      conversation_config_override: { conversation: { client_events: ['agent_response'] } },
    });
    caller.write('What time is it?');
    expect(await caller.nextResponse()).toMatch(/^It is /);
    expect(setup.counters.toolCalls).toBe(0);
  });

  it.each(['Goodbye.', 'End the call, please.'])('ends the call at "%s", as soon as all audio has been sent', async (words) => {
    const caller = await setup.call('clerk');
    caller.write(words);
    expect(await caller.nextResponse()).toBe('Goodbye. It was nice to talk to you.');
    expect(await caller.socket.next()).toEqual({
      type: 'agent_tool_response',
      agent_tool_response: {
        tool_name: 'end_call',
        tool_call_id: expect.any(String),
        tool_type: 'system',
        is_error: false,
        is_called: true,
        event_id: expect.any(Number),
      },
    });
    expect(await caller.socket.closed).toEqual({ code: 1000, reason: '' });
    // Without the space between the sentences, 15 characters a second.
    expect(caller.audio.length / 32).toBeGreaterThan((35 / 15) * 1000 - 10);
  });

  it('leaves it to the client to end the call when end_call is a client tool', async () => {
    await setup.close();
    setup = await AgentTestSetup.start({ agents: [{ ...CLERK, tools: [{ name: 'end_call', type: 'client' }] }] });
    const caller = await setup.call('clerk');
    caller.write('Goodbye.');
    const call = await caller.next('client_tool_call');
    expect(bodyOf(call)).toMatchObject({ tool_name: 'end_call', parameters: { reason: 'The user said goodbye.' } });
    answer(caller, call, 'done');
    await eventually(() => setup.counters.toolResults === 1);
    expect(caller.socket.ws.readyState).toBe(caller.socket.ws.OPEN);
  });
});
