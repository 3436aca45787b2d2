import type { LanguageModel, LlmEvent, LlmRequest } from '@parley/providers';
import { abortListeners, activeTimers, eventually } from '../lib/leak-check';
import { collect, FAILURE_CODES, failureOf, PASSING_FAILURES, type ContractFailure } from './contract-failures';

export interface LanguageModelHarness {
  readonly model: LanguageModel;
  /** Sets the text of every further reply, streamed about a word at a time. */
  say(text: string): void;
  /** Number of replies that the vendor is generating. */
  readonly openWork: number;
  /** Number of words generated since the start. */
  readonly wordsSaid: number;
  /** After every test. */
  close(): Promise<void>;
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
