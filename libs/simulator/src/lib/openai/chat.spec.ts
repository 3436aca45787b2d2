import { request } from 'node:http';
import type { JsonObject } from '../server/json';
import { startQuickSimulator, type QuickSimulator } from '../testing/quick-simulator';
import { eventually } from '../testing/raw-socket';
import type { SimulatorOptions } from '../simulator';
import type { ReplySource } from './reply-source';

const WORDS = 'It is ten past four – and a lovely day, isn’t it?';

/** Says `WORDS`, or for ever when asked to. */
const replies: ReplySource = {
  *reply(messages) {
    if (messages.at(-1)?.content === 'go on') for (let i = 0; ; i++) yield ` ${i}`;
    if (messages.at(-1)?.content !== 'say nothing') yield WORDS;
  },
};

interface Chunk {
  choices: { delta: JsonObject; finish_reason: string | null }[];
  usage?: JsonObject | null;
  obfuscation?: string;
  error?: JsonObject;
}

describe('OpenAI chat completions', () => {
  let simulator: QuickSimulator;
  const others: QuickSimulator[] = [];

  beforeEach(async () => {
    simulator = await startQuickSimulator({ replies });
  });

  afterEach(async () => {
    for (const running of [simulator, ...others.splice(0)]) await running.close();
  });

  async function startOther(options: Partial<SimulatorOptions>): Promise<QuickSimulator> {
    const other = await startQuickSimulator({ replies, ...options });
    others.push(other);
    return other;
  }

  const body = (fields: object = {}): object => ({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'what time is it' }],
    stream: true,
    ...fields,
  });

  function post(fields: object | string = {}, key = 'good', signal?: AbortSignal): Promise<Response> {
    return fetch(`${simulator.urls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof fields === 'string' ? fields : JSON.stringify(body(fields)),
      ...(signal ? { signal } : {}),
    });
  }

  function parse(text: string): { chunks: Chunk[]; done: boolean } {
    const data = text
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data: '))
      .map((line) => line.slice(6));
    return { chunks: data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line) as Chunk), done: data.at(-1) === '[DONE]' };
  }

  const content = (chunks: readonly Chunk[]): string => chunks.map(({ choices }) => choices[0]?.delta['content'] ?? '').join('');

  it('streams role, words, finish, usage and [DONE]', async () => {
    const response = await post({ stream_options: { include_usage: true } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const text = await response.text();
    expect(text).toMatch(/^data: \{.*\}\n\n/);
    const { chunks, done } = parse(text);
    expect(done).toBe(true);
    expect(chunks[0]).toEqual({
      id: expect.stringMatching(/^chatcmpl-\w{29}$/),
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'gpt-4o',
      service_tier: 'default',
      system_fingerprint: null,
      choices: [{ index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null }],
      usage: null,
      obfuscation: expect.any(String),
    });
    const usage = chunks.at(-1);
    const finish = chunks.at(-2);
    const words = chunks.slice(1, -2);
    expect(words.map(({ choices }) => choices[0]?.delta)).toEqual(WORDS.match(/\s*\S+/g)?.map((word) => ({ content: word })));
    expect(finish?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
    expect(usage?.choices).toEqual([]);
    expect(usage?.usage).toMatchObject({ completion_tokens: 12, prompt_tokens_details: { cached_tokens: 0 } });
    expect(new Set(chunks.map((chunk) => (chunk as unknown as JsonObject)['id'])).size).toBe(1);
    expect(simulator.counters.openai).toMatchObject({ requests: 1, tokens: 12, tokensAfterAbort: 0, aborts: [] });
  });

  it('leaves out usage and obfuscation when the request says so', async () => {
    const { chunks } = parse(await (await post({ stream_options: { include_obfuscation: false } })).text());
    expect(chunks.some((chunk) => 'usage' in chunk || 'obfuscation' in chunk)).toBe(false);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('answers in one piece when stream is not set', async () => {
    const response = await post({ stream: false });
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: WORDS }, finish_reason: 'stop' }],
      usage: { completion_tokens: 12 },
    });
  });

  it('streams an empty reply as role, finish and [DONE]', async () => {
    const { chunks, done } = parse(await (await post({ messages: [{ role: 'user', content: 'say nothing' }] })).text());
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, 'stop']);
    expect(done).toBe(true);
  });

  it('sends the account headers, with durations as Go writes them', async () => {
    const { headers } = await post();
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-request-id': expect.stringMatching(/^req_/),
      'openai-processing-ms': expect.stringMatching(/^\d+$/),
      'openai-version': '2020-10-01',
      'openai-organization': 'simulated',
      'x-ratelimit-limit-requests': '10000',
      'x-ratelimit-remaining-requests': '9999',
      'x-ratelimit-reset-requests': '1m0s',
      'x-ratelimit-limit-tokens': '2000000',
      'x-ratelimit-remaining-tokens': expect.stringMatching(/^\d+$/),
      'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+ms$/),
    });
  });

  it('stops at max_tokens with finish_reason length', async () => {
    const { chunks } = parse(await (await post({ max_tokens: 3 })).text());
    expect(content(chunks)).toBe('It is ten');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
  });

  it.each([
    ['a bad key', 'bad', 401, { code: 'invalid_api_key', type: 'invalid_request_error', param: null }, {}],
    ['a used-up quota', 'quota', 429, { code: 'insufficient_quota', type: 'insufficient_quota' }, { 'x-should-retry': 'false' }],
    ['too many requests', 'rate', 429, { code: 'rate_limit_exceeded', type: 'requests' }, { 'retry-after': '1', 'retry-after-ms': '1000' }],
  ])('refuses %s', async (_name, key, status, error, headers) => {
    const response = await post({}, key);
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect(await response.json()).toMatchObject({ error });
  });

  it('refuses a request without a key', async () => {
    expect((await fetch(`${simulator.urls.openai}/models`)).status).toBe(401);
  });

  it.each([
    ['a retired model', { model: 'gpt-3.5-turbo' }, 404, { code: 'model_not_found' }],
    ['an unknown model', { model: 'gpt-99' }, 404, { code: 'model_not_found' }],
    ['no model', { model: undefined }, 400, { type: 'invalid_request_error' }],
    ['no messages', { messages: [] }, 400, { param: 'messages' }],
    ['a message without a role', { messages: [{ content: 'hi' }] }, 400, { param: 'messages' }],
    [
      'max_tokens on a reasoning model',
      { model: 'gpt-6-luna', max_tokens: 5 },
      400,
      { param: 'max_tokens', code: 'unsupported_parameter' },
    ],
    ['temperature on a reasoning model', { model: 'o3', temperature: 1 }, 400, { param: 'temperature', code: 'unsupported_parameter' }],
    ['a temperature beyond 2', { temperature: 3 }, 400, { param: 'temperature' }],
    ['stream options without a stream', { stream: false, stream_options: { include_usage: true } }, 400, { param: 'stream_options' }],
    [
      'too long a conversation',
      { messages: [{ role: 'user', content: 'word '.repeat(130_000) }] },
      400,
      { code: 'context_length_exceeded' },
    ],
  ])('refuses %s', async (_name, fields, status, error) => {
    const response = await post(fields);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error });
  });

  it('refuses a body that is not JSON, and unknown paths', async () => {
    expect((await post('{"model":')).status).toBe(400);
    const response = await fetch(`${simulator.urls.openai}/embeddings`, { method: 'POST', headers: { authorization: 'Bearer good' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('serves reasoning models and dated snapshots', async () => {
    expect((await post({ model: 'gpt-6-luna', max_completion_tokens: 50, reasoning_effort: 'none' })).status).toBe(200);
    expect((await post({ model: 'gpt-4o-mini-2024-07-18', temperature: 0.7 })).status).toBe(200);
  });

  it('lists the models with their shutdown dates', async () => {
    const response = await fetch(`${simulator.urls.openai}/models`, { headers: { authorization: 'Bearer good' } });
    const { data } = (await response.json()) as { data: JsonObject[] };
    expect(data.find(({ id }) => id === 'gpt-4o')).toEqual({
      id: 'gpt-4o',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'openai',
      shutdown_date: '2027-01-14',
    });
    expect(data.find(({ id }) => id === 'gpt-6-luna')?.['shutdown_date']).toBeNull();
    expect(data.map(({ id }) => id)).not.toContain('gpt-4');
    const one = await fetch(`${simulator.urls.openai}/models/gpt-4o`, { headers: { authorization: 'Bearer good' } });
    expect(await one.json()).toMatchObject({ id: 'gpt-4o' });
  });

  it('refuses a retired model on a later date', async () => {
    const later = await startOther({ modelsAsOf: '2027-01-14' });
    const response = await fetch(`${later.urls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good' },
      body: JSON.stringify(body()),
    });
    expect(response.status).toBe(404);
  });

  it('counts requests per key and minute', async () => {
    const strict = await startOther({ limits: { openAiRequestsPerMinute: 1 } });
    const list = (key: string): Promise<Response> => fetch(`${strict.urls.openai}/models`, { headers: { authorization: `Bearer ${key}` } });
    expect([(await list('a')).status, (await list('b')).status]).toEqual([200, 200]);
    const refused = await list('a');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
  });

  it('stops generating when the client leaves, and records where', async () => {
    const aborter = new AbortController();
    const response = await post({ messages: [{ role: 'user', content: 'go on' }] }, 'good', aborter.signal);
    const reader = response.body?.getReader();
    await reader?.read();
    await eventually(() => simulator.counters.openai.tokens >= 5);
    aborter.abort();
    await eventually(() => simulator.counters.openai.aborts.length === 1);
    const [abort] = simulator.counters.openai.aborts;
    const { tokens } = simulator.counters.openai;
    expect(abort).toEqual({ endpoint: 'chat', stopMs: expect.any(Number), generated: tokens, generatedAfter: 0 });
    expect(tokens).toBeGreaterThanOrEqual(5);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(simulator.counters.openai).toMatchObject({ tokens, requestsOpen: 0, tokensAfterAbort: 0 });
  });

  it('notices a client that leaves before the headers are sent', async () => {
    const slow = await startOther({ latency: { llmFirstTokenMs: 10_000 } });
    const call = request(`${slow.urls.openai}/chat/completions`, { method: 'POST', headers: { authorization: 'Bearer good' } });
    call.on('error', () => undefined);
    call.end(JSON.stringify(body()));
    await eventually(() => slow.counters.openai.requestsOpen === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    call.destroy();
    await eventually(() => slow.counters.openai.aborts.length === 1);
    expect(slow.counters.openai.aborts[0]).toMatchObject({ generated: 0 });
  });

  describe('a strict server', () => {
    const message = (role: string, text = 'hi') => ({ role, content: text });
    const USER = message('user');
    const SYSTEM = message('system');
    const ASSISTANT = message('assistant');

    async function refusal(strictChat: SimulatorOptions['strictChat'], fields: object): Promise<[number, string]> {
      const other = await startOther({ ...(strictChat && { strictChat }) });
      const response = await fetch(`${other.urls.openai}/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer good' },
        body: JSON.stringify(body(fields)),
      });
      return [response.status, response.ok ? '' : await response.text()];
    }

    it.each([
      ['two of the user’s', [SYSTEM, USER, USER], 'must alternate'],
      ['an assistant’s first', [ASSISTANT, USER], 'must alternate'],
      ['a second instruction', [SYSTEM, SYSTEM, USER], 'must alternate'],
      ['an assistant’s last', [USER, ASSISTANT], 'Expected last role User'],
      ['an empty one', [USER, message('assistant', ' '), USER], 'must not be empty'],
    ])('with a chat template refuses %s', async (_name, messages, words) => {
      expect(await refusal({ alternates: true }, { messages })).toEqual([400, expect.stringContaining(words)]);
      expect(await refusal({}, { messages })).toEqual([200, '']);
    });

    it('with a chat template accepts alternating messages', async () => {
      expect(await refusal({ alternates: true }, { messages: [SYSTEM, USER, ASSISTANT, USER] })).toEqual([200, '']);
      expect(await refusal({ refusesSystem: true }, { messages: [USER] })).toEqual([200, '']);
      expect(await refusal({ refusesSystem: true }, { messages: [SYSTEM, USER] })).toEqual([400, expect.stringContaining('System role')]);
    });

    it.each([
      ['openai', 400, '"param":"stream_options"'],
      ['fastapi', 422, '"loc":["body","stream_options"]'],
      ['vllm', 400, "'stream_options'"],
      ['plain', 400, 'unknown field'],
    ] as const)('refuses a parameter as %s does', async (refusesAs, status, words) => {
      const strict = { unknownParameters: ['stream_options'], refusesAs };
      expect(await refusal(strict, { stream_options: {} })).toEqual([status, expect.stringContaining(words)]);
      expect(await refusal(strict, {})).toEqual([200, '']);
    });

    it('refuses messages that are too long, and messages with forbidden content', async () => {
      expect(await refusal({ maxCharacters: 3 }, { messages: [message('user', 'four')] })).toEqual([
        400,
        expect.stringContaining('context'),
      ]);
      expect(await refusal({ refusesContent: /bomb/ }, { messages: [message('user', 'a bomb')] })).toEqual([
        400,
        expect.stringContaining('content_filter'),
      ]);
    });
  });

  describe('faults', () => {
    it('refuses with the vendor’s body, headers and Retry-After', async () => {
      simulator.faults.inject({
        vendor: 'openai',
        endpoint: 'chat',
        fault: { kind: 'refuse', status: 503, retryAfter: 'Fri, 20 Nov 2026 10:00:00 GMT', headers: { 'x-should-retry': 'true' } },
      });
      const response = await post();
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('Fri, 20 Nov 2026 10:00:00 GMT');
      expect(response.headers.get('x-should-retry')).toBe('true');
      expect(await response.json()).toMatchObject({ error: { type: 'server_error' } });
      expect((await post()).status).toBe(200);
    });

    it('sends an error in the middle of a 200 stream', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'error-chunk', afterFrames: 3 } });
      const response = await post();
      expect(response.status).toBe(200);
      const { chunks, done } = parse(await response.text());
      expect(chunks).toHaveLength(4);
      expect(chunks.at(-1)).toEqual({ error: { message: expect.any(String), type: 'server_error', param: null, code: null } });
      expect(done).toBe(false);
    });

    it.each([
      ['no-done', true],
      ['missing-final', false],
    ] as const)('ends the body without [DONE] (%s)', async (kind, finished) => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind } });
      const { chunks, done } = parse(await (await post()).text());
      expect(done).toBe(false);
      expect(content(chunks)).toBe(WORDS);
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(finished ? 'stop' : null);
    });

    it('stalls after the given number of chunks until the client leaves', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'stall', afterFrames: 3 } });
      const aborter = new AbortController();
      const response = await post({}, 'good', aborter.signal);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (parse(text).chunks.length < 3) text += (await reader?.read())?.value ?? '';
      expect(content(parse(text).chunks)).toBe('It is');
      expect(simulator.counters.openai.requestsOpen).toBe(1);
      aborter.abort();
      await eventually(() => simulator.counters.openai.aborts.length === 1);
    });

    it('never answers', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'stall' } });
      await expect(post({}, 'good', AbortSignal.timeout(40))).rejects.toThrow('timeout');
      expect(simulator.counters.openai.tokens).toBe(0);
    });

    it.each(['drop', 'reset'] as const)('loses the connection in the middle of the body (%s)', async (kind) => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind, afterFrames: 2 } });
      await expect(post().then((response) => response.text())).rejects.toThrow('terminated');
      expect(simulator.counters.openai.aborts).toEqual([]);
    });

    it('delays the headers', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'slow-headers', delayMs: 60 } });
      await expect(post({}, 'good', AbortSignal.timeout(30))).rejects.toThrow('timeout');
      expect((await post()).status).toBe(200);
    });

    it('sends the bytes in small pieces, with CRLF, comments and split characters', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'fragment' } });
      const response = await post();
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body ?? []) pieces.push(piece);
      const text = Buffer.concat(pieces).toString('utf8');
      expect(pieces.length).toBeGreaterThan(50);
      expect(text).toContain(': keep-alive\r\n\r\ndata: ');
      expect(text).not.toMatch(/[^\r]\n/);
      expect(pieces.some((piece) => Buffer.from(piece).toString('utf8').includes('\ufffd'))).toBe(true);
      const { chunks, done } = parse(text);
      expect(content(chunks)).toBe(WORDS);
      expect(done).toBe(true);
    });

    it('sends reasoning before the answer', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'reasoning' } });
      const { chunks } = parse(await (await post()).text());
      expect(chunks.slice(1, 3).map(({ choices }) => Object.keys(choices[0]?.delta ?? {})[0])).toEqual(['reasoning_content', 'reasoning']);
      expect(content(chunks)).toBe(WORDS);
    });

    it.each([
      ['thoughts', `<think>\nThe user wants an answer.\n</think>\n\n${WORDS}`],
      ['control-tokens', `<|start_header_id|>assistant<|end_header_id|>\n\n${WORDS}<|eot_id|>`],
    ] as const)('writes the control tokens of its model into the content (%s)', async (kind, text) => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind } });
      const { chunks, done } = parse(await (await post()).text());
      expect(content(chunks)).toBe(text);
      expect(done).toBe(true);
    });

    it('ends with [DONE] but without a finish reason', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'no-finish' } });
      const { chunks, done } = parse(await (await post({ stream_options: { include_usage: true } })).text());
      expect(chunks.every(({ choices }) => choices[0]?.finish_reason === null)).toBe(true);
      expect(done).toBe(true);
    });

    it('sends a refusal in the refusal field', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'refusal' } });
      const { chunks } = parse(await (await post()).text());
      expect(chunks.map(({ choices }) => choices[0]?.delta['refusal'] ?? '').join('')).toBe(WORDS);
    });

    it('sends chunks that no specification describes', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'loose-chunks' } });
      const text = await (await post()).text();
      expect(text).toContain('\n\ndata:\n\n');
      const events = text.split('\n\n').filter((event) => event.startsWith('data: {'));
      const shapes = events.map((event) => JSON.parse(event.slice(6)) as { choices?: { delta: unknown }[] | null });
      expect(shapes.some(({ choices }) => choices === null)).toBe(true);
      expect(shapes.some(({ choices }) => choices === undefined)).toBe(true);
      expect(shapes.some(({ choices }) => choices?.[0]?.delta === null)).toBe(true);
    });

    it('answers with one JSON object although a stream was asked for', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'not-streamed' } });
      const response = await post();
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toMatchObject({ choices: [{ message: { content: WORDS } }] });
    });

    it.each(['length', 'content_filter'] as const)('ends early with finish_reason %s', async (reason) => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'finish', reason } });
      const { chunks } = parse(await (await post()).text());
      expect(content(chunks)).toBe('It is ten past four');
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason);
    });

    it('sends garbage and continues', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'garbage', afterFrames: 1 } });
      const text = await (await post()).text();
      const events = text.split('\n\n');
      expect(events[1]).toBe('data: {"id":"chatcmpl-');
      expect(events.at(-2)).toBe('data: [DONE]');
    });

    it('delays every chunk and keeps the order', async () => {
      simulator.faults.inject({ vendor: 'openai', fault: { kind: 'late-frames', delayMs: 20 } });
      const { chunks, done } = parse(await (await post()).text());
      expect(content(chunks)).toBe(WORDS);
      expect(done).toBe(true);
    });
  });
});
