import type { ServerResponse } from 'node:http';
import { getEventListeners } from 'node:events';
import type { LlmEvent, LlmRequest } from '../ports/language-model';
import { collect } from '../testing/collect';
import { startHttpServer, type HttpServer, type ReceivedRequest } from '../testing/http-server';
import { OpenAiLanguageModel, type OpenAiLanguageModelOptions } from './open-ai-language-model';

const REQUEST: LlmRequest = { messages: [{ role: 'user', content: 'hi' }] };
const text = (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const FINISH = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const USAGE = { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } };
const HELLO: LlmEvent = { type: 'text', text: 'Hello' };

function stream(response: ServerResponse, events: readonly (object | string)[], end: 'end' | 'hold' | 'drop' = 'end'): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  if (end === 'end') response.end();
  if (end === 'drop') setImmediate(() => response.destroy());
}

describe('OpenAiLanguageModel', () => {
  let server: HttpServer;
  afterEach(() => server.close());

  async function start(
    answer: (request: ReceivedRequest, response: ServerResponse) => void,
    options: Partial<OpenAiLanguageModelOptions> = {},
  ) {
    server = await startHttpServer(answer);
    return new OpenAiLanguageModel({ apiKey: 'key', baseURL: `${server.origin}/v1`, models: ['gpt-4o'], simulated: true, ...options });
  }

  const never = () => new AbortController().signal;

  it('streams text, then one end event with the token usage', async () => {
    const model = await start((_request, response) => stream(response, [text(''), text('Hello'), text(' there'), FINISH, USAGE, '[DONE]']));
    expect(await collect(model.generate(REQUEST, never()))).toEqual([
      HELLO,
      { type: 'text', text: ' there' },
      { type: 'end', finishReason: 'stop', usage: { promptTokens: 5, completionTokens: 2 } },
    ]);
    expect(server.requests).toMatchObject([
      { method: 'POST', headers: { authorization: 'Bearer key' }, body: { model: 'gpt-4o', stream: true } },
    ]);
    expect(server.requests[0]?.url.pathname).toBe('/v1/chat/completions');
  });

  it('yields each token as it arrives', async () => {
    let response: ServerResponse | undefined;
    const model = await start((_request, answer) => {
      response = answer;
      stream(answer, [text('Hello')], 'hold');
    });
    const events = model.generate(REQUEST, never())[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual(HELLO);
    response?.end(`data: ${JSON.stringify(FINISH)}\n\ndata: [DONE]\n\n`);
    expect((await events.next()).value).toEqual({ type: 'end', finishReason: 'stop' });
    expect((await events.next()).done).toBe(true);
  });

  it('never yields the reasoning of the model', async () => {
    const thought = { choices: [{ delta: { reasoning_content: 'the user says hi' } }] };
    const model = await start((_request, response) => stream(response, [thought, text('Hello'), FINISH, '[DONE]']));
    expect((await collect(model.generate(REQUEST, never()))).filter(({ type }) => type === 'text')).toEqual([HELLO]);
  });

  it.each<[string, readonly (object | string)[]]>([
    ['an end marker but no finish reason', [text('Hello'), '[DONE]']],
    ['choices that are null in the middle', [text('Hel'), { choices: null, usage: null }, text('lo'), FINISH, '[DONE]']],
    ['an event without choices in the middle', [text('Hel'), { usage: USAGE.usage }, text('lo'), FINISH, '[DONE]']],
    ['a refusal as text', [{ choices: [{ delta: { content: null, refusal: 'Hello' } }] }, FINISH, '[DONE]']],
    ['an empty finish reason in every event', [{ choices: [{ delta: { content: 'Hello' }, finish_reason: '' }] }, FINISH, '[DONE]']],
    ['the whole message repeated at the end', [text('Hello'), { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }]],
    ['only a whole message', [{ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }]],
    ['reasoning in tags', [text('<thi'), text('nk>\nThe user'), text(' says hi\n</th'), text('ink>\n\nHello'), FINISH, '[DONE]']],
    ['empty reasoning', [text('<think></think>'), text('Hello'), FINISH, '[DONE]']],
    ['a control token', [text('Hello'), text('<|eot_id|>'), FINISH, '[DONE]']],
    ['an invented next message of the user', [text('Hello<|im_end|>'), text('<|im_start|>user\n'), text('And then?'), text('!')]],
  ])('yields the whole reply when the stream contains %s', async (_name, events) => {
    const model = await start((_request, response) => stream(response, events));
    const reply = await collect(model.generate(REQUEST, never()));
    expect(reply.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('Hello');
    expect(reply.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
    expect(server.requests).toHaveLength(1);
  });

  it('yields the whole reply of a server that does not stream', async () => {
    const model = await start((_request, response) => {
      const whole = { object: 'chat.completion', choices: [{ message: { content: '<think>hm</think>Hello' }, finish_reason: 'length' }] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
    });
    expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'length' }]);
  });

  it('ends without any text when there was only reasoning', async () => {
    const model = await start((_request, response) => stream(response, [text('<think>The user'), text(' says'), FINISH, '[DONE]']));
    expect(await collect(model.generate(REQUEST, never()))).toEqual([{ type: 'end', finishReason: 'stop' }]);
  });

  it('does not time out while the model is reasoning, in whichever form the reasoning arrives', async () => {
    const thoughts = [...Array(6).keys()].flatMap(() => [text('<think>hm</think>'), { choices: [{ delta: { reasoning: 'hm' } }] }]);
    const model = await start(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const events = [...thoughts, text('Hello'), FINISH, '[DONE]'];
        const write = (): void => {
          const event = events.shift();
          if (event === undefined) return void response.end();
          response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
          setTimeout(write, 150);
        };
        write();
      },
      { firstTokenTimeoutMs: 1_000, idleTimeoutMs: 1_000 },
    );
    expect((await collect(model.generate(REQUEST, never()))).filter(({ type }) => type === 'text')).toEqual([HELLO]);
  });

  it('learns that a server never marks the end of a reply', async () => {
    const model = await start((_request, response) => stream(response, [text('Hello')]));
    await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'connection_lost' });
    for (let again = 0; again < 2; again += 1)
      expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'stop' }]);
  });

  it('treats a reply without an end marker as broken off if the server has marked the end before', async () => {
    let requests = 0;
    const model = await start((_request, response) => stream(response, (requests += 1) === 1 ? [text('Hello'), FINISH] : [text('Hello')]));
    await collect(model.generate(REQUEST, never()));
    for (let again = 0; again < 3; again += 1)
      await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'connection_lost' });
  });

  it('learns that a server leaves out the tag that opens the reasoning', async () => {
    const model = await start((_request, response) => stream(response, [text('The user says hi.'), text('\n</think>\n\nHello'), FINISH]));
    await collect(model.generate(REQUEST, never()));
    expect((await collect(model.generate(REQUEST, never()))).filter(({ type }) => type === 'text')).toEqual([HELLO]);
  });

  describe('with a server that refuses parts of the request', () => {
    const refuse = (response: ServerResponse, status: number, message: string) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));

    it.each<[string, number, string]>([
      ['stream_options', 400, 'Unrecognized request argument supplied: stream_options'],
      ['stream_options', 422, "property 'stream_options' is unsupported"],
      ['max_completion_tokens', 400, "Unsupported parameter: 'max_completion_tokens'. Use 'max_tokens' instead."],
      ['temperature', 422, 'temperature: extra fields not permitted'],
    ])('repeats the request without %s (status %i) and leaves it out from then on', async (name, status, message) => {
      const model = await start(
        ({ body }, response) => (name in body ? refuse(response, status, message) : stream(response, [text('Hello'), FINISH, '[DONE]'])),
        { maxTokens: 50, temperature: 0.5 },
      );
      expect(await collect(model.generate(REQUEST, never()))).toMatchObject([HELLO, { type: 'end' }]);
      expect(server.requests.map(({ body }) => name in body)).toEqual([true, false]);
      await collect(model.generate(REQUEST, never()));
      expect(server.requests.map(({ body }) => name in body)).toEqual([true, false, false]);
    });

    it('leaves out everything that the server refuses, one parameter after the other', async () => {
      const refused = ['stream', 'max_completion_tokens', 'max_tokens', 'stream_options'];
      const model = await start(
        ({ body }, response) => {
          const name = refused.find((candidate) => candidate in body);
          if (name !== undefined) return refuse(response, 400, `unknown field "${name}"`);
          const whole = { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] };
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
        },
        { maxTokens: 50 },
      );
      expect(await collect(model.generate(REQUEST, never()))).toMatchObject([HELLO, { type: 'end' }]);
      expect(Object.keys(server.requests.at(-1)?.body ?? {})).toEqual(['model', 'messages']);
    });

    it('fails if leaving parameters out does not help, and sends the full request the next time', async () => {
      const model = await start((_request, response) => refuse(response, 400, 'No stream_options, no max_completion_tokens, nothing.'), {
        maxTokens: 50,
      });
      for (const tries of [3, 6]) {
        await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'invalid_request' });
        expect(server.requests).toHaveLength(tries);
        expect(server.requests[tries - 3]?.body).toHaveProperty('stream_options');
      }
    });

    it('does not repeat the request if the refusal is not about a parameter', async () => {
      const model = await start((_request, response) => refuse(response, 400, 'Your request was flagged.'));
      await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'invalid_request' });
      expect(server.requests).toHaveLength(1);
    });
  });

  describe('with tools', () => {
    const TOOLS = [
      { name: 'get_time', description: 'Tells the time.', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
    ];
    const ASKING: LlmRequest = { ...REQUEST, tools: TOOLS };
    const CALL: LlmEvent = { type: 'tool_call', id: 'c1', name: 'get_time', arguments: '{"city":"Kochi"}' };
    const END: LlmEvent = { type: 'end', finishReason: 'tool_calls' };
    const calls = (...toolCalls: object[]) => ({ choices: [{ index: 0, delta: { tool_calls: toolCalls }, finish_reason: null }] });
    const FIRST = calls({ index: 0, id: 'c1', type: 'function', function: { name: 'get_time', arguments: '' } });
    const more = (text: string, index = 0) => calls({ index, function: { arguments: text } });
    const WHOLE = { id: 'c1', type: 'function', function: { name: 'get_time', arguments: '{"city":"Kochi"}' } };
    const CALLED = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };

    it('offers the tools as the vendor wants them', async () => {
      const model = await start((_request, response) => stream(response, [text('Hello'), FINISH, '[DONE]']));
      await collect(model.generate(ASKING, never()));
      expect(server.requests[0]?.body['tools']).toEqual([{ type: 'function', function: TOOLS[0] }]);
      await collect(model.generate({ ...REQUEST, tools: [] }, never()));
      expect(server.requests[1]?.body).not.toHaveProperty('tools');
    });

    it('sends calls and results back in the form of the vendor', async () => {
      const model = await start((_request, response) => stream(response, [text('Hello'), FINISH, '[DONE]']));
      const messages: LlmRequest['messages'] = [
        { role: 'user', content: 'What time is it in Kochi?' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'get_time', arguments: '{"city":"Kochi"}' }] },
        { role: 'tool', toolCallId: 'c1', content: '10:05' },
      ];
      await collect(model.generate({ ...ASKING, messages }, never()));
      expect(server.requests[0]?.body['messages']).toEqual([
        { role: 'user', content: 'What time is it in Kochi?' },
        { role: 'assistant', content: null, tool_calls: [WHOLE] },
        { role: 'tool', tool_call_id: 'c1', content: '10:05' },
      ]);
    });

    it.each<[string, readonly (object | string)[]]>([
      ['in pieces', [FIRST, more('{"city":'), more('"Kochi"}'), CALLED, USAGE, '[DONE]']],
      ['whole in one event', [calls({ index: 0, ...WHOLE }), CALLED, '[DONE]']],
      ['whole in the event that ends the reply', [{ choices: [{ delta: { tool_calls: [WHOLE] }, finish_reason: 'tool_calls' }] }]],
      ['with the finish reason stop', [FIRST, more('{"city":"Kochi"}'), FINISH, '[DONE]']],
      ['with only an end marker', [FIRST, more('{"city":"Kochi"}'), '[DONE]']],
      ['in a whole message', [{ choices: [{ message: { content: null, tool_calls: [WHOLE] }, finish_reason: 'tool_calls' }] }]],
      [
        'in pieces and then again in a whole message',
        [FIRST, more('{"city":"Kochi"}'), { choices: [{ message: { content: null, tool_calls: [WHOLE] }, finish_reason: 'tool_calls' }] }],
      ],
      [
        'with arguments that are an object',
        [calls({ id: 'c1', function: { name: 'get_time', arguments: { city: 'Kochi' } } }), CALLED, '[DONE]'],
      ],
    ])('yields a whole call when it arrives %s', async (_name, events) => {
      const model = await start((_request, response) => stream(response, events));
      const reply = await collect(model.generate(ASKING, never()));
      expect(reply[0]).toEqual(CALL);
      expect(reply.slice(1)).toMatchObject([END]);
      expect(server.requests).toHaveLength(1);
    });

    it('yields the calls of a server that does not stream', async () => {
      const model = await start((_request, response) => {
        const whole = { choices: [{ message: { content: 'Let me see.', tool_calls: [WHOLE] }, finish_reason: 'tool_calls' }] };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
      });
      expect(await collect(model.generate(ASKING, never()))).toEqual([{ type: 'text', text: 'Let me see.' }, CALL, END]);
    });

    it('yields the text at once, and after it several calls whose pieces are interleaved', async () => {
      let response: ServerResponse | undefined;
      const model = await start((_request, answer) => {
        response = answer;
        stream(answer, [text('Let me see.'), FIRST, calls({ index: 1, id: 'c2', function: { name: 'add', arguments: '{' } })], 'hold');
      });
      const events = model.generate(ASKING, never())[Symbol.asyncIterator]();
      expect((await events.next()).value).toEqual({ type: 'text', text: 'Let me see.' });
      for (const event of [more('{"city":'), more('"a":1}', 1), more('"Kochi"}'), CALLED])
        response?.write(`data: ${JSON.stringify(event)}\n\n`);
      response?.end('data: [DONE]\n\n');
      expect((await events.next()).value).toEqual(CALL);
      expect((await events.next()).value).toEqual({ type: 'tool_call', id: 'c2', name: 'add', arguments: '{"a":1}' });
      expect((await events.next()).value).toEqual(END);
    });

    it.each<[string, readonly (object | string)[], string]>([
      ['the arguments are not JSON', [FIRST, more('{"city":'), CALLED, '[DONE]'], 'bad_response'],
      ['the call has no name', [more('{}'), CALLED, '[DONE]'], 'bad_response'],
      [
        'the reply was cut off within the arguments',
        [FIRST, more('{"ci'), { choices: [{ delta: {}, finish_reason: 'length' }] }, '[DONE]'],
        'bad_response',
      ],
      ['the stream ends within the call', [FIRST, more('{"city":')], 'connection_lost'],
    ])('fails and yields no call when %s', async (_name, events, code) => {
      const model = await start((_request, response) => stream(response, events));
      const got: LlmEvent[] = [];
      const read = async () => {
        for await (const event of model.generate(ASKING, never())) got.push(event);
      };
      await expect(read()).rejects.toMatchObject({ code });
      expect(got).toEqual([]);
    });

    it('ends silently when aborted after the first of two calls', async () => {
      const model = await start((_request, response) =>
        stream(response, [calls({ index: 0, ...WHOLE }, { ...WHOLE, index: 1, id: 'c2' }), CALLED, '[DONE]']),
      );
      const controller = new AbortController();
      const got: LlmEvent[] = [];
      for await (const event of model.generate(ASKING, controller.signal)) {
        got.push(event);
        controller.abort();
      }
      expect(got).toEqual([CALL]);
    });

    it('yields no calls when it has offered no tools', async () => {
      const model = await start((_request, response) => stream(response, [text('Hello'), FIRST, more('{}'), CALLED, '[DONE]']));
      expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'stop' }]);
    });

    it.each<[string, number, string]>([
      ['Ollama', 400, 'registry.ollama.ai/library/gemma:2b does not support tools'],
      ['vLLM', 400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
      ['llama.cpp', 500, 'tools param requires --jinja flag'],
      ['OpenAI', 400, "Unsupported parameter: 'tools' is not supported with this model."],
    ])(
      'asks again without tools when the server refuses them in the way of %s, and leaves them out from then on',
      async (_name, status, message) => {
        const model = await start(({ body }, response) => {
          if (!('tools' in body)) return stream(response, [text('Hello'), FINISH, '[DONE]']);
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
        });
        for (const requests of [2, 3]) {
          expect(await collect(model.generate(ASKING, never()))).toEqual([HELLO, { type: 'end', finishReason: 'stop' }]);
          expect(server.requests).toHaveLength(requests);
        }
      },
    );

    it('does not leave the tools out when the server refuses one of them', async () => {
      const error = {
        message: "Invalid 'tools[0].function.name': string does not match pattern.",
        param: 'tools[0].function.name',
        code: 'invalid_value',
      };
      const model = await start((_request, response) => void response.writeHead(400).end(JSON.stringify({ error })));
      await expect(collect(model.generate(ASKING, never()))).rejects.toMatchObject({ code: 'invalid_request' });
      expect(server.requests).toHaveLength(1);
    });
  });

  it('joins neighbouring messages of the same role and sends no empty ones', async () => {
    const model = await start((_request, response) => stream(response, [text('Hello'), FINISH, '[DONE]']));
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What time is it?' },
      { role: 'assistant', content: ' ' },
      { role: 'user', content: 'And in Kochi?' },
    ] as const;
    await collect(model.generate({ messages }, never()));
    expect(server.requests[0]?.body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What time is it?\n\nAnd in Kochi?' },
    ]);
  });

  it('moves on to the next model when one does not exist, and keeps using it', async () => {
    const model = await start(
      ({ body }, response) => {
        if (body['model'] === 'new') return stream(response, [text('Hello'), FINISH, '[DONE]']);
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"m","code":"model_not_found"}}');
      },
      { models: ['old', 'older', 'new'] },
    );
    expect(await collect(model.generate(REQUEST, never()))).toHaveLength(2);
    expect(await collect(model.generate(REQUEST, never()))).toHaveLength(2);
    expect(server.requests.map(({ body }) => body['model'])).toEqual(['old', 'older', 'new', 'new']);
    expect(model.model).toBe('new');
  });

  it('fails when the last model does not exist', async () => {
    const model = await start((_request, response) => response.writeHead(404).end('{"error":{"message":"m","code":"model_not_found"}}'));
    await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'model_not_found' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    [
      'the server refuses the request',
      (response) => response.writeHead(429, { 'retry-after': '1' }).end('{"error":{"code":"rate_limit_exceeded"}}'),
      'rate_limited',
    ],
    [
      'the stream contains an error',
      (response) => stream(response, [text('Hello'), { error: { type: 'server_error', message: 'm' } }, '[DONE]']),
      'unavailable',
    ],
    ['the body breaks off', (response) => stream(response, [text('Hello')], 'drop'), 'connection_lost'],
    ['the reply has neither a finish reason nor an end marker', (response) => stream(response, [text('Hello')]), 'connection_lost'],
    ['the reply contains only the token usage', (response) => stream(response, [{ usage: USAGE.usage }, '[DONE]']), 'bad_response'],
    [
      'the server aborts the reply',
      (response) => stream(response, [text('Hello'), { choices: [{ delta: {}, finish_reason: 'abort' }] }, '[DONE]']),
      'connection_lost',
    ],
    ['the events are not JSON', (response) => stream(response, ['{"id":"chatcmpl-']), 'bad_response'],
    ['the events are not chat chunks', (response) => stream(response, [{ hello: 1 }]), 'bad_response'],
    ['the answer is an HTML page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'bad_response'],
    ['no headers arrive', () => undefined, 'timeout'],
    ['only headers arrive', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(), 'timeout'],
    ['only the role arrives', (response) => stream(response, [text('')], 'hold'), 'timeout'],
    ['the text stops in the middle', (response) => stream(response, [text('Hello')], 'hold'), 'timeout'],
    [
      'only comments arrive',
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': keep-alive\n\n'),
      'timeout',
    ],
  ])('fails with the right error, without a second request, when %s', async (_name, answer, code) => {
    const timeoutMs = code === 'timeout' ? 250 : 10_000;
    const model = await start((_request, response) => answer(response), { firstTokenTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs });
    await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ name: 'ProviderError', provider: 'openai', code });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['hangs', 'hold' as const],
    ['breaks off', 'drop' as const],
  ])('completes the reply when the stream %s after the finish reason', async (_name, end) => {
    const model = await start((_request, response) => stream(response, [text('Hello'), FINISH], end));
    expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'stop' }]);
  });

  it('does not time out because of a slow consumer', async () => {
    const model = await start((_request, response) => stream(response, [text('Hello'), text('Hello'), FINISH, '[DONE]']), {
      idleTimeoutMs: 500,
    });
    let events = 0;
    for await (const event of model.generate(REQUEST, never())) {
      events += 1;
      if (event.type === 'text') await new Promise((resolve) => setTimeout(resolve, 750));
    }
    expect(events).toBe(3);
  });

  describe('ends without an error and cancels the request when it is aborted', () => {
    it('before it has begun', async () => {
      const model = await start((_request, response) => stream(response, [text('Hello'), FINISH]));
      expect(await collect(model.generate(REQUEST, AbortSignal.abort()))).toEqual([]);
      expect(server.requests).toHaveLength(0);
    });

    it('before the headers arrive', async () => {
      const controller = new AbortController();
      const model = await start(() => controller.abort());
      expect(await collect(model.generate(REQUEST, controller.signal))).toEqual([]);
      expect(await server.requests[0]?.ended).toBe(false);
    });

    it('in the middle of the reply', async () => {
      const controller = new AbortController();
      const model = await start((_request, response) => stream(response, [text('Hello')], 'hold'));
      const events: LlmEvent[] = [];
      for await (const event of model.generate(REQUEST, controller.signal)) {
        events.push(event);
        setImmediate(() => controller.abort());
      }
      expect(events).toEqual([HELLO]);
      expect(await server.requests[0]?.ended).toBe(false);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    });

    it('while the consumer is busy, and does not deliver text that had already arrived', async () => {
      const controller = new AbortController();
      const model = await start((_request, response) => stream(response, [text('Hello'), text(' there'), FINISH, '[DONE]']));
      const events: LlmEvent[] = [];
      for await (const event of model.generate(REQUEST, controller.signal)) {
        events.push(event);
        controller.abort();
      }
      expect(events).toEqual([HELLO]);
    });
  });

  it('ends a reply that goes on far beyond the length that was asked for', async () => {
    const model = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = () =>
        void (response.destroyed || (response.write(`data: ${JSON.stringify(text('and on '))}\n\n`), setImmediate(write)));
      write();
    });
    const events = await collect(model.generate({ ...REQUEST, maxTokens: 20 }, never()));
    expect(events.pop()).toEqual({ type: 'end', finishReason: 'length' });
    const { length } = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    expect(length).toBeGreaterThan(20 * 10);
    expect(length).toBeLessThan(20 * 20);
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it('cancels the request when the consumer leaves the loop', async () => {
    const model = await start((_request, response) => stream(response, [text('Hello')], 'hold'));
    for await (const event of model.generate(REQUEST, never())) {
      expect(event).toEqual(HELLO);
      break;
    }
    expect(await server.requests[0]?.ended).toBe(false);
  });

  describe('warm', () => {
    it('opens the connection that the next request uses, and does so only once', async () => {
      const model = await start(({ method }, response) => {
        if (method === 'GET') response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
        else stream(response, [FINISH, '[DONE]']);
      });
      await model.warm(never());
      await model.warm(never());
      // The connection can be reused only a moment after the response has ended.
      await new Promise((resolve) => setTimeout(resolve, 10));
      await collect(model.generate(REQUEST, never()));
      expect(server.requests.map(({ url }) => url.pathname)).toEqual(['/v1/models', '/v1/chat/completions']);
      expect(server.connections).toBe(1);
    });

    it('never throws', async () => {
      const model = await start((_request, response) => response.writeHead(401).end());
      await model.warm(never());
      await model.warm(AbortSignal.abort());
      expect(server.requests).toHaveLength(1);
    });
  });

  it('rejects options that can never work', () => {
    const options = { apiKey: 'key', baseURL: 'http://h/v1', models: ['m'], simulated: false };
    expect(() => new OpenAiLanguageModel({ ...options, models: [] })).toThrow('at least one model');
    expect(() => new OpenAiLanguageModel({ ...options, baseURL: 'h' })).toThrow('is not an http');
    expect(new OpenAiLanguageModel({ ...options, name: 'ollama' }).info).toEqual({ name: 'ollama', simulated: false });
  });
});
