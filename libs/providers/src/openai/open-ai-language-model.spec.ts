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

  it('streams text, then one end with usage', async () => {
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

  it('yields each token as it comes', async () => {
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

  it('never yields what the model thinks', async () => {
    const thought = { choices: [{ delta: { reasoning_content: 'the user says hi' } }] };
    const model = await start((_request, response) => stream(response, [thought, text('Hello'), FINISH, '[DONE]']));
    expect((await collect(model.generate(REQUEST, never()))).filter(({ type }) => type === 'text')).toEqual([HELLO]);
  });

  it.each<[string, readonly (object | string)[]]>([
    ['only the word that it is whole', [text('Hello'), '[DONE]']],
    ['choices that are null in its middle', [text('Hel'), { choices: null, usage: null }, text('lo'), FINISH, '[DONE]']],
    ['an event without choices in its middle', [text('Hel'), { usage: USAGE.usage }, text('lo'), FINISH, '[DONE]']],
    ['a refusal in words', [{ choices: [{ delta: { content: null, refusal: 'Hello' } }] }, FINISH, '[DONE]']],
    ['an empty finish reason in every event', [{ choices: [{ delta: { content: 'Hello' }, finish_reason: '' }] }, FINISH, '[DONE]']],
    ['a whole message at its end, once more', [text('Hello'), { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }]],
    ['a whole message alone', [{ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }]],
    ['thoughts in tags', [text('<thi'), text('nk>\nThe user'), text(' says hi\n</th'), text('ink>\n\nHello'), FINISH, '[DONE]']],
    ['an empty thought', [text('<think></think>'), text('Hello'), FINISH, '[DONE]']],
    ['a control token', [text('Hello'), text('<|eot_id|>'), FINISH, '[DONE]']],
    ['the user’s next message', [text('Hello<|im_end|>'), text('<|im_start|>user\n'), text('And then?'), text('!')]],
  ])('is whole with %s', async (_name, events) => {
    const model = await start((_request, response) => stream(response, events));
    const reply = await collect(model.generate(REQUEST, never()));
    expect(reply.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('Hello');
    expect(reply.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
    expect(server.requests).toHaveLength(1);
  });

  it('is whole from a server that does not stream', async () => {
    const model = await start((_request, response) => {
      const whole = { object: 'chat.completion', choices: [{ message: { content: '<think>hm</think>Hello' }, finish_reason: 'length' }] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
    });
    expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'length' }]);
  });

  it('ends without a word where there were thoughts only', async () => {
    const model = await start((_request, response) => stream(response, [text('<think>The user'), text(' says'), FINISH, '[DONE]']));
    expect(await collect(model.generate(REQUEST, never()))).toEqual([{ type: 'end', finishReason: 'stop' }]);
  });

  it('does not take thoughts for a stall, in whichever way they come', async () => {
    const thoughts = [...Array(6).keys()].flatMap(() => [text('<think>hm</think>'), { choices: [{ delta: { reasoning: 'hm' } }] }]);
    const model = await start(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const events = [...thoughts, text('Hello'), FINISH, '[DONE]'];
        const write = (): void => {
          const event = events.shift();
          if (event === undefined) return void response.end();
          response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
          setTimeout(write, 60);
        };
        write();
      },
      { firstTokenTimeoutMs: 400, idleTimeoutMs: 400 },
    );
    expect((await collect(model.generate(REQUEST, never()))).filter(({ type }) => type === 'text')).toEqual([HELLO]);
  });

  it('learns that a server never says that a reply is whole', async () => {
    const model = await start((_request, response) => stream(response, [text('Hello')]));
    await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'connection_lost' });
    for (let again = 0; again < 2; again += 1)
      expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'stop' }]);
  });

  it('takes a reply without an end for one that broke off, where others have one', async () => {
    let requests = 0;
    const model = await start((_request, response) => stream(response, (requests += 1) === 1 ? [text('Hello'), FINISH] : [text('Hello')]));
    await collect(model.generate(REQUEST, never()));
    for (let again = 0; again < 3; again += 1)
      await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'connection_lost' });
  });

  it('learns that a server leaves out the mark that opens the thoughts', async () => {
    const model = await start((_request, response) => stream(response, [text('The user says hi.'), text('\n</think>\n\nHello'), FINISH]));
    await collect(model.generate(REQUEST, never()));
    expect((await collect(model.generate(REQUEST, never()))).filter(({ type }) => type === 'text')).toEqual([HELLO]);
  });

  describe('from a server that takes exception to the request', () => {
    const refuse = (response: ServerResponse, status: number, message: string) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));

    it.each<[string, number, string]>([
      ['stream_options', 400, 'Unrecognized request argument supplied: stream_options'],
      ['stream_options', 422, "property 'stream_options' is unsupported"],
      ['max_completion_tokens', 400, "Unsupported parameter: 'max_completion_tokens'. Use 'max_tokens' instead."],
      ['temperature', 422, 'temperature: extra fields not permitted'],
    ])('is asked for once more without %s (%i), and from then on', async (name, status, message) => {
      const model = await start(
        ({ body }, response) => (name in body ? refuse(response, status, message) : stream(response, [text('Hello'), FINISH, '[DONE]'])),
        { maxTokens: 50, temperature: 0.5 },
      );
      expect(await collect(model.generate(REQUEST, never()))).toMatchObject([HELLO, { type: 'end' }]);
      expect(server.requests.map(({ body }) => name in body)).toEqual([true, false]);
      await collect(model.generate(REQUEST, never()));
      expect(server.requests.map(({ body }) => name in body)).toEqual([true, false, false]);
    });

    it('is asked for without all that it refuses, one after the other', async () => {
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

    it('fails as before where it does not help, and is asked in full the next time', async () => {
      const model = await start((_request, response) => refuse(response, 400, 'No stream_options, no max_completion_tokens, nothing.'), {
        maxTokens: 50,
      });
      for (const tries of [3, 6]) {
        await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'invalid_request' });
        expect(server.requests).toHaveLength(tries);
        expect(server.requests[tries - 3]?.body).toHaveProperty('stream_options');
      }
    });

    it('is asked once for what no other request would mend', async () => {
      const model = await start((_request, response) => refuse(response, 400, 'Your request was flagged.'));
      await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'invalid_request' });
      expect(server.requests).toHaveLength(1);
    });
  });

  it('sends neighbours of one role as one message, and none that is empty', async () => {
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

  it('moves on from a model that is gone, and stays there', async () => {
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

  it('fails when the last model is gone', async () => {
    const model = await start((_request, response) => response.writeHead(404).end('{"error":{"message":"m","code":"model_not_found"}}'));
    await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ code: 'model_not_found' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    [
      'a refusal',
      (response) => response.writeHead(429, { 'retry-after': '1' }).end('{"error":{"code":"rate_limit_exceeded"}}'),
      'rate_limited',
    ],
    [
      'an error within the stream',
      (response) => stream(response, [text('Hello'), { error: { type: 'server_error', message: 'm' } }, '[DONE]']),
      'unavailable',
    ],
    ['a body that breaks off', (response) => stream(response, [text('Hello')], 'drop'), 'connection_lost'],
    ['a reply without a finish reason or a word that it is whole', (response) => stream(response, [text('Hello')]), 'connection_lost'],
    ['a reply of usage alone', (response) => stream(response, [{ usage: USAGE.usage }, '[DONE]']), 'bad_response'],
    [
      'a reply given up',
      (response) => stream(response, [text('Hello'), { choices: [{ delta: {}, finish_reason: 'abort' }] }, '[DONE]']),
      'connection_lost',
    ],
    ['events that are not JSON', (response) => stream(response, ['{"id":"chatcmpl-']), 'bad_response'],
    ['events that are not chat chunks', (response) => stream(response, [{ hello: 1 }]), 'bad_response'],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'bad_response'],
    ['no headers', () => undefined, 'timeout'],
    ['headers only', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(), 'timeout'],
    ['the role only', (response) => stream(response, [text('')], 'hold'), 'timeout'],
    ['a stall', (response) => stream(response, [text('Hello')], 'hold'), 'timeout'],
    ['comments only', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': keep-alive\n\n'), 'timeout'],
  ])('%s fails as it should, once', async (_name, answer, code) => {
    const model = await start((_request, response) => answer(response), { firstTokenTimeoutMs: 250, idleTimeoutMs: 250 });
    await expect(collect(model.generate(REQUEST, never()))).rejects.toMatchObject({ name: 'ProviderError', provider: 'openai', code });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['hangs', 'hold' as const],
    ['breaks off', 'drop' as const],
  ])('has the reply when the stream %s after the finish reason', async (_name, end) => {
    const model = await start((_request, response) => stream(response, [text('Hello'), FINISH], end));
    expect(await collect(model.generate(REQUEST, never()))).toEqual([HELLO, { type: 'end', finishReason: 'stop' }]);
  });

  it('does not take a slow consumer for a stall', async () => {
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

  describe('an abort ends it silently and cancels the request', () => {
    it('before it began', async () => {
      const model = await start((_request, response) => stream(response, [text('Hello'), FINISH]));
      expect(await collect(model.generate(REQUEST, AbortSignal.abort()))).toEqual([]);
      expect(server.requests).toHaveLength(0);
    });

    it('before the headers', async () => {
      const controller = new AbortController();
      const model = await start(() => controller.abort());
      expect(await collect(model.generate(REQUEST, controller.signal))).toEqual([]);
      expect(await server.requests[0]?.ended).toBe(false);
    });

    it('in the middle', async () => {
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

    it('while the consumer is busy: what had arrived is not delivered', async () => {
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

  it('ends a reply that a model does not end by itself, far behind the bound it was given', async () => {
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

  it('cancels the request when the consumer leaves', async () => {
    const model = await start((_request, response) => stream(response, [text('Hello')], 'hold'));
    for await (const event of model.generate(REQUEST, never())) {
      expect(event).toEqual(HELLO);
      break;
    }
    expect(await server.requests[0]?.ended).toBe(false);
  });

  describe('warm', () => {
    it('opens the connection that the request then uses, once for many calls', async () => {
      const model = await start(({ method }, response) => {
        if (method === 'GET') response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
        else stream(response, [FINISH, '[DONE]']);
      });
      await model.warm(never());
      await model.warm(never());
      // The connection is free for its next request a moment after the response has ended.
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

  it('refuses options that can never work', () => {
    const options = { apiKey: 'key', baseURL: 'http://h/v1', models: ['m'], simulated: false };
    expect(() => new OpenAiLanguageModel({ ...options, models: [] })).toThrow('at least one model');
    expect(() => new OpenAiLanguageModel({ ...options, baseURL: 'h' })).toThrow('is not an http');
    expect(new OpenAiLanguageModel({ ...options, name: 'ollama' }).info).toEqual({ name: 'ollama', simulated: false });
  });
});
