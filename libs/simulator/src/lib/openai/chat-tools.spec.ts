import type { JsonObject } from '../server/json';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import type { ReplySource } from './reply-source';

/** Looks up the time where it is offered a tool for that, and tells it when it has the result. */
const replies: ReplySource = {
  reply: (messages) => [messages.at(-1)?.role === 'tool' ? `It is ${messages.at(-1)?.content}.` : 'Let me see.'],
  toolCalls: (messages, offered) =>
    messages.at(-1)?.role === 'tool' ? [] : offered.flatMap((name) => [{ name, arguments: { city: 'Kochi', of: name } }]),
};

const tool = (name: string, parameters: object = { type: 'object' }) => ({
  type: 'function',
  function: { name, description: 'd', parameters },
});
const call = (id: string) => ({ id, type: 'function', function: { name: 'get_time', arguments: '{}' } });
const QUESTION = { role: 'user', content: 'what time is it' };
const CALLING = { role: 'assistant', content: null, tool_calls: [call('c1')] };
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'ten' });

interface Choice {
  delta: { tool_calls?: { index: number; id?: string; type?: string; function: { name?: string; arguments: string } }[]; content?: string };
  finish_reason: string | null;
}

describe('OpenAI tool calls', () => {
  let simulator: QuickSimulator;
  beforeEach(async () => void (simulator = await startQuickSimulator({ replies })));
  afterEach(() => simulator.close());

  const post = (fields: object): Promise<Response> =>
    fetch(`${simulator.urls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [QUESTION], stream: true, ...fields }),
    });

  async function choicesOf(fields: object): Promise<Choice[]> {
    const events = (await (await post(fields)).text()).match(/(?<=^data: ){.*}$/gm) ?? [];
    return events.flatMap((event) => (JSON.parse(event) as { choices: Choice[] }).choices);
  }

  it('are streamed after the words: id and name first, then the arguments piece by piece', async () => {
    const choices = await choicesOf({ tools: [tool('get_time'), tool('get_date')] });
    expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe('Let me see.');
    const pieces = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
    const [first] = pieces;
    expect(first).toEqual({
      index: 0,
      id: expect.stringMatching(/^call_\w{24}$/),
      type: 'function',
      function: { name: 'get_time', arguments: '' },
    });
    const second = pieces.findIndex(({ index }) => index === 1);
    expect(pieces[second]).toMatchObject({ id: expect.any(String), function: { name: 'get_date', arguments: '' } });
    expect(pieces[second]?.id).not.toBe(first?.id);
    expect(pieces.filter(({ id }) => id !== undefined)).toHaveLength(2);
    for (const [index, name] of ['get_time', 'get_date'].entries()) {
      const text = pieces.filter((piece) => piece.index === index).map((piece) => piece.function.arguments);
      expect(text.length).toBeGreaterThan(3);
      expect(JSON.parse(text.join(''))).toEqual({ city: 'Kochi', of: name });
    }
    expect(choices.at(-1)).toMatchObject({ delta: {}, finish_reason: 'tool_calls' });
  });

  it('are part of the message when stream is not set', async () => {
    const answer = await (await post({ stream: false, tools: [tool('get_time')] })).json();
    expect(answer).toMatchObject({
      choices: [
        {
          message: {
            content: 'Let me see.',
            tool_calls: [{ type: 'function', function: { name: 'get_time', arguments: '{"city":"Kochi","of":"get_time"}' } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('are not made when no tool is offered, and not after their results', async () => {
    for (const fields of [{}, { tools: [tool('get_time')], messages: [QUESTION, CALLING, result('c1')] }]) {
      const choices = await choicesOf(fields);
      expect(choices.flatMap(({ delta }) => delta.tool_calls ?? [])).toEqual([]);
      expect(choices.at(-1)?.finish_reason).toBe('stop');
    }
  });

  it('are cut off at max_tokens like words', async () => {
    const choices = await choicesOf({ tools: [tool('get_time')], max_tokens: 5 });
    expect(choices.flatMap(({ delta }) => delta.tool_calls ?? [])).toHaveLength(2);
    expect(choices.at(-1)?.finish_reason).toBe('length');
  });

  it.each<[string, object, string | null]>([
    ['an empty list of tools', { tools: [] }, 'tools'],
    ['tools that are no list', { tools: 'get_time' }, 'tools'],
    ['a tool without a function', { tools: [{ type: 'function' }] }, 'tools[0].function'],
    ['a name with a space', { tools: [tool('get_time'), tool('get time')] }, 'tools[1].function.name'],
    ['parameters that are no object', { tools: [tool('get_time', { type: 'string' })] }, 'tools[0].function.parameters'],
    ['a result without a call', { messages: [QUESTION, result('c1')] }, 'messages.[1].role'],
    ['a result of another call', { messages: [QUESTION, CALLING, result('c2')] }, 'messages.[2].role'],
    ['a call without a result', { messages: [QUESTION, CALLING, QUESTION] }, 'messages.[2].role'],
    ['a call without a result at the end', { messages: [QUESTION, CALLING] }, 'messages.[2].role'],
    ['an empty list of calls', { messages: [QUESTION, { ...CALLING, tool_calls: [] }] }, 'messages.[1].tool_calls'],
  ])('are refused in a request with %s', async (_name, fields, param) => {
    const response = await post(fields);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: JsonObject }).error).toMatchObject({ type: 'invalid_request_error', param });
  });
});
