import type { ServerResponse } from 'node:http';
import type { LlmEvent } from '../ports/language-model';
import { collect } from '../testing/collect';
import { startHttpServer, type HttpServer, trickle } from '../testing/http-server';
import { findLocalModelServer, loadLocalModel } from './local-model-probe';
import { OpenAiLanguageModel, type OpenAiLanguageModelOptions } from './open-ai-language-model';

const never = () => new AbortController().signal;
const text = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const EVENTS = { 'content-type': 'text/event-stream' };
const MIB = 1024 * 1024;
const TOOL = { name: 'note', description: 'Takes a note.', parameters: { type: 'object' } };
const toolCall = (index: number, characters: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [{ index, id: `c${index}`, function: { name: 'note', arguments: characters } }] } }] })}\n\n`;

/** Writes the same data again and again until the client disconnects. */
function writeForEver(response: ServerResponse, data: string): void {
  const more = (): void => {
    while (!response.destroyed && response.write(data));
    response.once('drain', more);
  };
  more();
}

describe('with a language model server that sends too much', () => {
  let server: HttpServer;
  afterEach(() => server.close());

  async function start(answer: (response: ServerResponse) => void, options: Partial<OpenAiLanguageModelOptions> = {}) {
    server = await startHttpServer((_request, response) => answer(response));
    return new OpenAiLanguageModel({
      apiKey: 'key',
      baseURL: `${server.origin}/v1`,
      models: ['m'],
      simulated: true,
      maxTokens: 100,
      ...options,
    });
  }

  const reply = (model: OpenAiLanguageModel): Promise<LlmEvent[]> =>
    collect(model.generate({ messages: [{ role: 'user', content: 'hi' }], tools: [TOOL] }, never()));
  const length = (events: readonly LlmEvent[]): number =>
    events.reduce((sum, event) => sum + (event.type === 'text' ? event.text.length : 0), 0);

  it('rejects a token of 20 MB', async () => {
    const model = await start((response) => void response.writeHead(200, EVENTS).end(text('x'.repeat(20 * MIB))));
    await expect(reply(model)).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('cuts a long token to the maximum length of a reply', async () => {
    const model = await start((response) => void response.writeHead(200, EVENTS).write(text('x'.repeat(500_000))));
    const events = await reply(model);
    expect(length(events)).toBe(1_600);
    expect(events.at(-1)).toEqual({ type: 'end', finishReason: 'length' });
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it.each([
    ['a line', 'x'.repeat(1_000)],
    ['empty tokens', text('')],
    ['the arguments of a tool call', toolCall(0, 'x'.repeat(50))],
    ['pieces of a tool call without any character', 'data: {"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}\n\n'],
    ['reasoning', 'data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}\n\n'],
  ])(
    'cancels the request when the server sends %s without end',
    async (_what, data) => {
      const model = await start((response) => writeForEver(response.writeHead(200, EVENTS), data.repeat(200)), {
        firstTokenTimeoutMs: 100_000,
      });
      await expect(reply(model)).rejects.toMatchObject({ code: 'bad_response' });
      expect(await server.requests[0]?.ended).toBe(false);
    },
    60_000,
  );

  it.each([
    ['a token at a time', text('x')],
    ['a thought at a time', 'data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}\n\n'],
  ])('gives up a reply that comes slowly, %s, although there is never a long silence', async (_what, data) => {
    const model = await start((response) => trickle(response.writeHead(200, EVENTS), '', data), {
      firstTokenTimeoutMs: 60_000,
      idleTimeoutMs: 60_000,
      patienceMs: 300,
    });
    await expect(reply(model)).rejects.toMatchObject({ code: 'timeout' });
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it('rejects a reply with more tool calls than anybody would want', async () => {
    const many = Array.from({ length: 200 }, (_, index) => toolCall(index, ''));
    const model = await start((response) => void response.writeHead(200, EVENTS).end(`${many.join('')}data: [DONE]\n\n`));
    await expect(reply(model)).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('cancels the request when the body of an error never ends', async () => {
    const model = await start((response) => writeForEver(response.writeHead(400), '{"error":{"message":"'), {
      firstTokenTimeoutMs: 20_000,
    });
    await expect(reply(model)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it('does not follow a redirect, which would send the API key to another address', async () => {
    const model = await start((response) => void response.writeHead(307, { location: '/v1/chat/elsewhere' }).end());
    await expect(reply(model)).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(1);
  });

  it('stops reading a list of models that never ends', async () => {
    const model = await start((response) => writeForEver(response.writeHead(200, { 'content-type': 'application/json' }), '{"data":[] ,'));
    await model.warm(never());
    expect(await server.requests[0]?.ended).toBe(false);
  });

  it('finds and loads no local model if the list of models never ends', async () => {
    await start((response) => writeForEver(response.writeHead(200, { 'content-type': 'application/json' }), ' '.repeat(10_000)));
    const baseURL = `${server.origin}/v1`;
    expect(await findLocalModelServer(never(), { candidates: [{ name: 'odd', baseURL }] })).toBeUndefined();
    expect(await loadLocalModel({ name: 'odd', baseURL, model: 'm' }, never())).toBe(false);
  });
});
