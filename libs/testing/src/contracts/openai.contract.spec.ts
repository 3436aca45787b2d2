import { OpenAiLanguageModel, type ChatMessage, type LlmEvent } from '@parley/providers';
import type { OpenAiFault, Simulator, SimulatorOptions } from '@parley/simulator';
import { collect, failureOf } from './contract-failures';
import { describeLanguageModelContract, type WantedCall } from './language-model-contract';
import { injectFailure, startQuickSimulator } from './simulator-harness';

const never = () => new AbortController().signal;

describeLanguageModelContract('OpenAI', {
  makeHarness: async (failure) => {
    let reply = '';
    let calls: readonly WantedCall[] = [];
    const { simulator } = await startQuickSimulator({
      replies: { reply: () => [reply], toolCalls: (messages) => (messages.at(-1)?.role === 'tool' ? [] : calls) },
    });
    injectFailure(simulator, 'openai', failure);
    const model = new OpenAiLanguageModel({
      apiKey: failure === 'auth' ? 'bad' : 'good',
      baseURL: simulator.urls.openai,
      models: ['gpt-4o'],
      simulated: true,
      firstTokenTimeoutMs: failure === 'stall' ? 400 : 2_000,
      idleTimeoutMs: failure === 'stall' ? 400 : 2_000,
    });
    const { openai } = simulator.counters;
    return {
      model,
      say: (text) => void (reply = text),
      call: (...tools) => void (calls = tools),
      get openWork() {
        return openai.requestsOpen;
      },
      get wordsSaid() {
        return openai.tokens;
      },
      close: () => simulator.close(),
    };
  },
});

/** Unusual behaviour that the vendor is known for, and how the adapter handles it. */
describe('OpenAI quirks', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  const REQUEST = { messages: [{ role: 'user', content: 'Hello.' }] } as const;
  const REPLY = 'It is “ten” past nine — नमस्ते.';

  async function create(
    models: readonly string[] = ['gpt-4o'],
    apiKey = 'good',
    { timeoutMs = 10_000, ...options }: Partial<SimulatorOptions> & { timeoutMs?: number } = {},
  ): Promise<OpenAiLanguageModel> {
    ({ simulator } = await startQuickSimulator({ replies: { reply: () => [REPLY] }, ...options }));
    return new OpenAiLanguageModel({
      apiKey,
      baseURL: simulator.urls.openai,
      models,
      simulated: true,
      firstTokenTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
      temperature: 0.5,
    });
  }

  const textOf = (events: readonly LlmEvent[]) => events.map((event) => (event.type === 'text' ? event.text : '')).join('');

  it.each<[OpenAiFault, string]>([
    [{ kind: 'fragment' }, 'stop'],
    [{ kind: 'reasoning' }, 'stop'],
    [{ kind: 'no-done' }, 'stop'],
    [{ kind: 'no-finish' }, 'stop'],
    [{ kind: 'thoughts' }, 'stop'],
    [{ kind: 'control-tokens' }, 'stop'],
    [{ kind: 'loose-chunks' }, 'stop'],
    [{ kind: 'refusal' }, 'stop'],
    [{ kind: 'not-streamed' }, 'stop'],
    [{ kind: 'slow-headers', delayMs: 50 }, 'stop'],
    [{ kind: 'late-frames', delayMs: 50 }, 'stop'],
    [{ kind: 'finish', reason: 'length' }, 'length'],
    [{ kind: 'finish', reason: 'content_filter' }, 'content_filter'],
  ])('gives the whole reply despite %j', async (fault, finishReason) => {
    const model = await create();
    simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault });
    const events = await collect(model.generate(REQUEST, never()));
    expect(events.at(-1)).toMatchObject({ type: 'end', finishReason });
    expect(REPLY.startsWith(textOf(events))).toBe(true);
    if (finishReason === 'stop') expect(textOf(events)).toBe(REPLY);
  });

  it('takes duplicate events for two tokens, since equal tokens are possible, but for one end', async () => {
    const model = await create();
    simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault: { kind: 'duplicate-frames' } });
    const events = await collect(model.generate(REQUEST, never()));
    expect(textOf(events).length).toBe(REPLY.length * 2);
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
  });

  it.each<[OpenAiFault, { code: string; retryAfterMs?: number }]>([
    [{ kind: 'missing-final' }, { code: 'connection_lost' }],
    [{ kind: 'error-chunk', afterFrames: 3 }, { code: 'unavailable' }],
    [{ kind: 'reset', afterFrames: 3 }, { code: 'connection_lost' }],
    [{ kind: 'half-open', afterFrames: 3 }, { code: 'timeout' }],
    [{ kind: 'half-close', afterFrames: 3 }, { code: 'connection_lost' }],
    [{ kind: 'refuse', status: 503 }, { code: 'unavailable' }],
    [
      { kind: 'refuse', status: 429, retryAfter: 2 },
      { code: 'rate_limited', retryAfterMs: 2_000 },
    ],
  ])('fails on %j', async (fault, failure) => {
    const model = await create(['gpt-4o'], 'good', failure.code === 'timeout' ? { timeoutMs: 400 } : {});
    simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault });
    expect(await failureOf(model.generate(REQUEST, never()))).toMatchObject(failure);
  });

  it.each([
    ['bad', 'auth'],
    ['quota', 'quota'],
    ['rate', 'rate_limited'],
  ])('reports the key "%s" as %s after one request', async (apiKey, code) => {
    const model = await create(['gpt-4o'], apiKey);
    expect(await failureOf(model.generate(REQUEST, never()))).toMatchObject({ code });
    expect(simulator.counters.openai.requests).toBe(1);
  });

  describe('with tools', () => {
    const tools = [{ name: 'get_time', description: 'Tells the time.', parameters: { type: 'object' } }];
    const replies = { reply: () => [REPLY], toolCalls: () => [{ name: 'get_time', arguments: { city: 'नई दिल्ली' } }] };
    const callsOf = (events: readonly LlmEvent[]) => events.filter(({ type }) => type === 'tool_call');

    it.each<OpenAiFault>([
      { kind: 'fragment' },
      { kind: 'reasoning' },
      { kind: 'no-done' },
      { kind: 'no-finish' },
      { kind: 'thoughts' },
      { kind: 'loose-chunks' },
      { kind: 'not-streamed' },
      { kind: 'late-frames', delayMs: 50 },
    ])('gives the text and the whole tool call despite %j', async (fault) => {
      const model = await create(['gpt-4o'], 'good', { replies });
      simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault });
      const events = await collect(model.generate({ ...REQUEST, tools }, never()));
      expect(textOf(events)).toBe(REPLY);
      expect(callsOf(events)).toEqual([
        { type: 'tool_call', id: expect.stringMatching(/^call_/), name: 'get_time', arguments: '{"city":"नई दिल्ली"}' },
      ]);
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'tool_calls' });
    });

    it('fails when the model is cut off, or the connection breaks, within the arguments of a call', async () => {
      const model = await create(['gpt-4o'], 'good', { replies });
      const words = REPLY.split(' ').length;
      const limited = { ...REQUEST, maxTokens: words + 2, tools };
      expect(await failureOf(model.generate(limited, never()))).toMatchObject({ code: 'bad_response' });
      simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault: { kind: 'reset', afterFrames: words + 3 } });
      expect(await failureOf(model.generate({ ...REQUEST, tools }, never()))).toMatchObject({ code: 'connection_lost' });
    });

    const RESULT: ChatMessage[] = [
      { role: 'user', content: 'What time is it?' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'get_time', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'c1', content: '10:05' },
    ];

    it.each([
      ['knows no tools', { unknownParameters: ['tools'] }],
      ['has a template without tools', { alternates: true }],
    ])('replies without tools, and tells their results in words, at a server that %s', async (_name, strictChat) => {
      const model = await create(['gpt-4o'], 'good', { replies, strictChat });
      const request = { messages: RESULT, tools };
      for (const requests of [2, 3]) {
        const events = await collect(model.generate(request, never()));
        expect([textOf(events), callsOf(events)]).toEqual([REPLY, []]);
        expect(simulator.counters.openai.requests).toBe(requests);
      }
    });

    it.each<[string, ChatMessage[]]>([
      ['a call without its result', RESULT.slice(0, 2)],
      ['a result without its call', RESULT.slice(2)],
      ['something said between a call and its result', [...RESULT.slice(0, 2), { role: 'user', content: 'Hello?' }, ...RESULT.slice(2)]],
    ])('writes messages that the vendor accepts for %s', async (_name, messages) => {
      const model = await create();
      expect(textOf(await collect(model.generate({ messages: [...REQUEST.messages, ...messages], tools }, never())))).toBe(REPLY);
      expect(simulator.counters.openai.requests).toBe(1);
    });
  });

  const UNKNOWN = ['stream_options', 'max_completion_tokens', 'max_tokens', 'temperature'];

  it.each(['openai', 'fastapi', 'vllm', 'plain'] as const)(
    'leaves a parameter out from then on when it is refused in the way of %s',
    async (refusesAs) => {
      const model = await create(['gpt-4o'], 'good', { strictChat: { unknownParameters: UNKNOWN, refusesAs } });
      const request = { ...REQUEST, maxTokens: 50 };
      expect(textOf(await collect(model.generate(request, never())))).toBe(REPLY);
      const { requests } = simulator.counters.openai;
      expect(requests).toBeLessThanOrEqual(1 + UNKNOWN.length);
      expect(textOf(await collect(model.generate(request, never())))).toBe(REPLY);
      expect(simulator.counters.openai.requests).toBe(requests + 1);
    },
  );

  const message = (role: 'system' | 'user' | 'assistant', content: string = role) => ({ role, content });
  const [SYSTEM, USER, ASSISTANT] = [message('system'), message('user'), message('assistant')];

  it.each([
    ['two user messages in a row', [SYSTEM, USER, USER], 1],
    ['two system messages', [SYSTEM, SYSTEM, USER], 1],
    ['an empty message', [SYSTEM, USER, message('assistant', ''), USER], 1],
    ['an assistant message at the beginning', [SYSTEM, ASSISTANT, USER], 1],
    ['an assistant message at the end', [SYSTEM, USER, ASSISTANT], 2],
  ])('writes messages that a strict template accepts for %s', async (_name, messages, requests) => {
    const model = await create(['gpt-4o'], 'good', { strictChat: { alternates: true } });
    expect(textOf(await collect(model.generate({ messages }, never())))).toBe(REPLY);
    expect(simulator.counters.openai.requests).toBe(requests);
    expect(textOf(await collect(model.generate({ messages }, never())))).toBe(REPLY);
    expect(simulator.counters.openai.requests).toBe(requests + 1);
  });

  it('puts the system message into a user message when the template refuses system messages', async () => {
    const model = await create(['gpt-4o'], 'good', { strictChat: { alternates: true, refusesSystem: true } });
    for (const messages of [
      [SYSTEM, USER],
      [SYSTEM, USER, USER],
      [SYSTEM, USER, ASSISTANT],
    ])
      expect(textOf(await collect(model.generate({ messages }, never())))).toBe(REPLY);
  });

  it('sends only the end of the conversation to a server with a small context', async () => {
    const model = await create(['gpt-4o'], 'good', { strictChat: { maxCharacters: 60 } });
    const messages = Array.from({ length: 21 }, (_, index) => message(index % 2 === 0 ? 'user' : 'assistant', `message ${index}`));
    expect(textOf(await collect(model.generate({ messages }, never())))).toBe(REPLY);
    const { requests } = simulator.counters.openai;
    expect(textOf(await collect(model.generate({ messages }, never())))).toBe(REPLY);
    expect(simulator.counters.openai.requests).toBe(requests + 1);
  });

  it('replaces a retired model by its successor, which takes no temperature', async () => {
    const model = await create(['gpt-4o', 'gpt-6-luna'], 'good', { modelsAsOf: '2027-01-15' });
    expect(textOf(await collect(model.generate(REQUEST, never())))).toBe(REPLY);
    expect(model.model).toBe('gpt-6-luna');
  });
});
