import type { ChatMessage, LanguageModel, LlmEvent, LlmRequest, LlmTool } from '@parley/providers';
import { abortListeners, activeTimers, eventually } from '../lib/leak-check';
import { collect, FAILURE_CODES, failureOf, PASSING_FAILURES, type ContractFailure } from './contract-failures';

export interface LanguageModelHarness {
  readonly model: LanguageModel;
  /** Sets the text of every further reply, streamed about a word at a time. */
  say(text: string): void;
  /** Sets the tools that every further reply to a request with tools calls after its text. A reply to the results of tools calls none. */
  call(...tools: readonly WantedCall[]): void;
  /** Number of replies that the vendor is generating. */
  readonly openWork: number;
  /** Number of words generated since the start. */
  readonly wordsSaid: number;
  /** After every test. */
  close(): Promise<void>;
}

/** What a tool is called with; the id is the vendor's. */
export interface WantedCall {
  name: string;
  arguments: object;
}

export interface LanguageModelContractOptions {
  makeHarness(failure?: ContractFailure): Promise<LanguageModelHarness>;
}

const REQUEST: LlmRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello.' },
  ],
  maxTokens: 500,
};
const TOOLS: readonly LlmTool[] = ['get_time', 'get_weather'].map((name) => ({
  name,
  description: 'Answers for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}));
const WITH_TOOLS: LlmRequest = { ...REQUEST, tools: TOOLS };
const LONG_REPLY = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ');

/** Tests that every `LanguageModel` must pass, whatever its provider. */
export function describeLanguageModelContract(name: string, { makeHarness }: LanguageModelContractOptions): void {
  describe(`LanguageModel contract: ${name}`, () => {
    let harness: LanguageModelHarness;
    let timersBefore = 0;
    const never = () => new AbortController().signal;

    beforeEach(() => void (timersBefore = activeTimers()));

    afterEach(async () => {
      await eventually(() => harness.openWork === 0, 'nothing is open at the vendor');
      await harness.close();
      // An unhandled rejection fails the test by itself.
      await eventually(() => activeTimers() <= timersBefore, 'no timer is left');
    });

    async function start(failure?: ContractFailure): Promise<LanguageModel> {
      harness = await makeHarness(failure);
      harness.say('It is ten past nine.');
      return harness.model;
    }

    function textOf(events: readonly LlmEvent[]): string {
      return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    }

    const callsIn = (events: readonly LlmEvent[]) => events.flatMap((event) => (event.type === 'tool_call' ? [event] : []));

    it('streams the reply in pieces, none of them empty, then one end', async () => {
      const model = await start();
      const signal = never();
      const events = await collect(model.generate(REQUEST, signal));
      expect(textOf(events)).toBe('It is ten past nine.');
      expect(events.map(({ type }) => type)).toEqual([...Array(events.length - 1).fill('text'), 'end']);
      expect(events.length).toBeGreaterThan(3);
      for (const event of events) if (event.type === 'text') expect(event.text).not.toBe('');
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
      expect(abortListeners(signal)).toBe(0);
    });

    it('yields text before the reply is complete', async () => {
      const model = await start();
      harness.say(LONG_REPLY);
      for await (const event of model.generate(REQUEST, never())) {
        expect(event.type).toBe('text');
        expect(harness.wordsSaid).toBeLessThan(400);
        break;
      }
    });

    it('replies to several requests, one after the other and at once', async () => {
      const model = await start();
      expect(textOf(await collect(model.generate(REQUEST, never())))).toBe('It is ten past nine.');
      const both = await Promise.all([1, 2].map(() => collect(model.generate(REQUEST, never()))));
      expect(both.map(textOf)).toEqual(['It is ten past nine.', 'It is ten past nine.']);
    });

    it('ends silently when aborted before the request', async () => {
      const model = await start();
      expect(await collect(model.generate(REQUEST, AbortSignal.abort()))).toEqual([]);
      expect(harness.wordsSaid).toBe(0);
    });

    it('ends silently when aborted before the first token', async () => {
      const model = await start('stall');
      const controller = new AbortController();
      const events = collect(model.generate(REQUEST, controller.signal));
      await eventually(() => harness.openWork === 1, 'the request is under way');
      controller.abort();
      expect(textOf(await events)).toBe('');
      expect(abortListeners(controller.signal)).toBe(0);
    });

    it('ends silently and at once when aborted in the middle, and cancels the vendor’s work', async () => {
      const model = await start();
      harness.say(LONG_REPLY);
      const controller = new AbortController();
      const events: LlmEvent[] = [];
      for await (const event of model.generate(REQUEST, controller.signal)) {
        events.push(event);
        if (events.length === 3) controller.abort();
      }
      expect(events.map(({ type }) => type)).toEqual(['text', 'text', 'text']);
      await eventually(() => harness.openWork === 0, 'the vendor stops working');
      expect(harness.wordsSaid).toBeLessThan(400);
      expect(abortListeners(controller.signal)).toBe(0);
    });

    it('cancels the vendor’s work when the loop is left', async () => {
      const model = await start();
      harness.say(LONG_REPLY);
      const signal = never();
      for await (const event of model.generate(REQUEST, signal)) {
        expect(event.type).toBe('text');
        break;
      }
      await eventually(() => harness.openWork === 0, 'the vendor stops working');
      expect(harness.wordsSaid).toBeLessThan(400);
      expect(abortListeners(signal)).toBe(0);
    });

    it('replies to a request that is only for a draft like to any other', async () => {
      const model = await start();
      const events = await collect(model.generate({ ...REQUEST, speculative: true }, never()));
      expect(textOf(events)).toBe('It is ten past nine.');
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
    });

    it('hands out tool calls whole, after the text and before the end', async () => {
      const model = await start();
      harness.say('Let me see.');
      harness.call({ name: 'get_time', arguments: { city: 'Kochi' } }, { name: 'get_weather', arguments: { city: 'नई दिल्ली, “10:05”' } });
      const signal = never();
      const events = await collect(model.generate(WITH_TOOLS, signal));
      expect(textOf(events)).toBe('Let me see.');
      const calls = callsIn(events);
      expect(calls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([
        ['get_time', { city: 'Kochi' }],
        ['get_weather', { city: 'नई दिल्ली, “10:05”' }],
      ]);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
      for (const { id } of calls) expect(id).not.toBe('');
      expect(events.slice(-3).map(({ type }) => type)).toEqual(['tool_call', 'tool_call', 'end']);
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'tool_calls' });
      expect(abortListeners(signal)).toBe(0);
    });

    it('hands out a tool call without any text', async () => {
      const model = await start();
      harness.say('');
      harness.call({ name: 'get_time', arguments: {} });
      const events = await collect(model.generate(WITH_TOOLS, never()));
      expect(events.map(({ type }) => type)).toEqual(['tool_call', 'end']);
      expect(callsIn(events)).toMatchObject([{ name: 'get_time', arguments: '{}' }]);
    });

    it('replies to the results of tools', async () => {
      const model = await start();
      harness.call({ name: 'get_time', arguments: { city: 'Kochi' } }, { name: 'get_weather', arguments: { city: 'Kochi' } });
      const calls = callsIn(await collect(model.generate(WITH_TOOLS, never())));
      const messages: ChatMessage[] = [
        ...REQUEST.messages,
        { role: 'assistant', content: '', toolCalls: calls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text })) },
        ...calls.map(({ id }) => ({ role: 'tool' as const, toolCallId: id, content: 'Ten past nine, and rain.' })),
      ];
      const events = await collect(model.generate({ ...WITH_TOOLS, messages }, never()));
      expect(textOf(events)).toBe('It is ten past nine.');
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
    });

    it('calls no tools when none are offered', async () => {
      const model = await start();
      harness.call({ name: 'get_time', arguments: { city: 'Kochi' } });
      const events = await collect(model.generate(REQUEST, never()));
      expect(callsIn(events)).toEqual([]);
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
    });

    it('ends silently when aborted after the first of two tool calls', async () => {
      const model = await start();
      harness.call({ name: 'get_time', arguments: {} }, { name: 'get_weather', arguments: {} });
      const controller = new AbortController();
      const events: LlmEvent[] = [];
      for await (const event of model.generate(WITH_TOOLS, controller.signal)) {
        events.push(event);
        if (event.type === 'tool_call') controller.abort();
      }
      expect(events.at(-1)).toMatchObject({ type: 'tool_call', name: 'get_time' });
      expect(abortListeners(controller.signal)).toBe(0);
    });

    it.each(Object.keys(FAILURE_CODES) as ContractFailure[])('reports %s as a ProviderError', async (failure) => {
      const model = await start(failure);
      const signal = never();
      expect(await failureOf(model.generate(REQUEST, signal))).toMatchObject({
        provider: model.info.name,
        code: FAILURE_CODES[failure],
        retryable: failure !== 'auth',
      });
      expect(abortListeners(signal)).toBe(0);
      if (PASSING_FAILURES.includes(failure)) expect(textOf(await collect(model.generate(REQUEST, never())))).toBe('It is ten past nine.');
    });

    it('never throws while warming, whatever the vendor does', async () => {
      const model = await start('auth');
      const signal = never();
      await model.warm(signal);
      await model.warm(AbortSignal.abort());
      expect(abortListeners(signal)).toBe(0);
    });
  });
}
