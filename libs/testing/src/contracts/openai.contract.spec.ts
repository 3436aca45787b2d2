import { OpenAiLanguageModel, type LlmEvent } from '@parley/providers';
import type { OpenAiFault, Simulator, SimulatorOptions } from '@parley/simulator';
import { collect, failureOf } from './contract-failures';
import { describeLanguageModelContract } from './language-model-contract';
import { injectFailure, startQuickSimulator } from './simulator-harness';

const never = () => new AbortController().signal;

describeLanguageModelContract('OpenAI', {
  makeHarness: async (failure) => {
    let reply = '';
    const { simulator } = await startQuickSimulator({ replies: { reply: () => [reply] } });
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

/** What the vendor is known to do beside the plain course of things, and what the adapter makes of it. */
describe('OpenAI quirks', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  const REQUEST = { messages: [{ role: 'user', content: 'Hello.' }] } as const;
  const REPLY = 'It is “ten” past nine — नमस्ते.';

  async function create(
    models: readonly string[] = ['gpt-4o'],
    apiKey = 'good',
    options: Partial<SimulatorOptions> = {},
  ): Promise<OpenAiLanguageModel> {
    ({ simulator } = await startQuickSimulator({ replies: { reply: () => [REPLY] }, ...options }));
    return new OpenAiLanguageModel({
      apiKey,
      baseURL: simulator.urls.openai,
      models,
      simulated: true,
      firstTokenTimeoutMs: 400,
      idleTimeoutMs: 400,
      temperature: 0.5,
    });
  }

  const textOf = (events: readonly LlmEvent[]) => events.map((event) => (event.type === 'text' ? event.text : '')).join('');

  it.each<[OpenAiFault, string]>([
    [{ kind: 'fragment' }, 'stop'],
    [{ kind: 'reasoning' }, 'stop'],
    [{ kind: 'no-done' }, 'stop'],
    [{ kind: 'slow-headers', delayMs: 50 }, 'stop'],
    [{ kind: 'late-frames', delayMs: 50 }, 'stop'],
    [{ kind: 'finish', reason: 'length' }, 'length'],
    [{ kind: 'finish', reason: 'content_filter' }, 'content_filter'],
  ])('%j is a whole reply', async (fault, finishReason) => {
    const model = await create();
    simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault });
    const events = await collect(model.generate(REQUEST, never()));
    expect(events.at(-1)).toMatchObject({ type: 'end', finishReason });
    expect(REPLY.startsWith(textOf(events))).toBe(true);
    if (finishReason === 'stop') expect(textOf(events)).toBe(REPLY);
  });

  it('events that come twice are two tokens, as two equal ones are, but one end', async () => {
    const model = await create();
    simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault: { kind: 'duplicate-frames' } });
    const events = await collect(model.generate(REQUEST, never()));
    expect(textOf(events).length).toBe(REPLY.length * 2);
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
  });

  it.each<[OpenAiFault, object]>([
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
  ])('%j fails', async (fault, failure) => {
    const model = await create();
    simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault });
    expect(await failureOf(model.generate(REQUEST, never()))).toMatchObject(failure);
  });

  it.each([
    ['bad', 'auth'],
    ['quota', 'quota'],
    ['rate', 'rate_limited'],
  ])('the key "%s" is %s, asked once', async (apiKey, code) => {
    const model = await create(['gpt-4o'], apiKey);
    expect(await failureOf(model.generate(REQUEST, never()))).toMatchObject({ code });
    expect(simulator.counters.openai.requests).toBe(1);
  });

  it('a model that is retired is left for its successor, which takes no temperature', async () => {
    const model = await create(['gpt-4o', 'gpt-6-luna'], 'good', { modelsAsOf: '2027-01-15' });
    expect(textOf(await collect(model.generate(REQUEST, never())))).toBe(REPLY);
    expect(model.model).toBe('gpt-6-luna');
  });
});
