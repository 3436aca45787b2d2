import { FailoverLanguageModel, type LlmEvent, type ProviderErrorCode } from '@parley/providers';
import { FakeLanguageModel, type FakeReplyScript } from '../lib/fake-language-model';
import { abortListeners } from '../lib/leak-check';
import { failoverOf, pass, reading, settle, startVirtualTime } from './composite';

const never = () => new AbortController().signal;
const REQUEST = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What time is it?' },
  ],
  maxTokens: 50,
} as const;

const fakeModel = (...scripts: (FakeReplyScript | 'manual')[]): FakeLanguageModel =>
  new FakeLanguageModel({ script: (_request, index) => scripts[Math.min(index, scripts.length - 1)] ?? { tokens: [] } });

const fails = (code: ProviderErrorCode, ...tokens: string[]): FakeReplyScript => ({
  tokens,
  failure: { code, afterTokens: tokens.length },
});
const says = (...tokens: string[]): FakeReplyScript => ({ tokens });

const textOf = (events: readonly LlmEvent[]): string => events.map((event) => (event.type === 'text' ? event.text : '|')).join('');

describe('FailoverLanguageModel', () => {
  beforeEach(() => startVirtualTime());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  async function ask(...models: [FakeLanguageModel, ...FakeLanguageModel[]]) {
    const options = failoverOf(...models);
    const { items, done } = reading(new FailoverLanguageModel(options).generate(REQUEST, never()));
    await pass(400);
    return { text: textOf(items), error: await done, asked: models.map(({ replies }) => replies.length), options };
  }

  it.each<[ProviderErrorCode, number]>([
    ['auth', 1],
    ['quota', 1],
    ['model_not_found', 1],
    ['invalid_request', 1],
    ['rate_limited', 1],
    ['unavailable', 2],
    ['connection_lost', 2],
    ['timeout', 2],
    ['bad_response', 2],
  ])('after %s before the first word asks %i times, and then the next model', async (code, asked) => {
    const result = await ask(fakeModel(fails(code)), fakeModel(says('It is', ' three.')));
    expect(result).toMatchObject({ text: 'It is three.|', error: undefined, asked: [asked, 1] });
    expect(result.options.switches).toEqual([{ from: 'first', to: 'second', code }]);
  });

  it.each<[ProviderErrorCode, number]>([
    ['quota', 1],
    ['unavailable', 2],
    ['connection_lost', 2],
    ['timeout', 2],
  ])('after %s in the middle of a reply asks %i times, and then the next model continues', async (code, asked) => {
    const second = fakeModel(says(' Or', ' four.'));
    const result = await ask(fakeModel(fails(code, 'It is', ' three.')), second);
    // The first model's second attempt begins again, says nothing new, and breaks off again.
    expect(result).toMatchObject({ text: 'It is three. Or four.|', error: undefined, asked: [asked, 1] });
    expect(second.replies[0]?.request).toEqual({
      messages: [
        { role: 'system', content: expect.stringMatching(/^Be brief\.\n\n.*Go on/) },
        REQUEST.messages[1],
        { role: 'assistant', content: 'It is three.' },
      ],
      maxTokens: 50,
    });
  });

  it('asks for a continuation when there is no system message', async () => {
    const first = fakeModel(fails('connection_lost', 'It'), says(' is.'));
    const { items, done } = reading(new FailoverLanguageModel(failoverOf(first)).generate({ messages: [REQUEST.messages[1]] }, never()));
    await done;
    expect(textOf(items)).toBe('It is.|');
    expect(first.replies[1]?.request.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
  });

  it('gives every further model all that has been said', async () => {
    const third = fakeModel(says('five.'));
    const result = await ask(fakeModel(fails('quota', 'One', ' two')), fakeModel(fails('quota', ' three', ' four')), third);
    expect(result).toMatchObject({ text: 'One two three four five.|', asked: [1, 1, 1] });
    expect(third.replies[0]?.request.messages.at(-1)?.content).toBe('One two three four');
  });

  it('passes on only the new part of a reply that begins again', async () => {
    const result = await ask(fakeModel(fails('quota', 'Seven', ' plus')), fakeModel(says('Seven', ' plus', ' five', ' is', ' twelve.')));
    expect(result.text).toBe('Seven plus five is twelve.|');
  });

  it('rejects a continuation that repeats the beginning and then differs', async () => {
    const other = fakeModel(says('It', ' is', ' about', ' four.'));
    const result = await ask(fakeModel(fails('quota', 'It is about', ' three.', ' Or')), other, fakeModel(says(' four.')));
    expect(result).toMatchObject({ text: 'It is about three. Or four.|', asked: [1, 1, 1] });
    expect(other.openReplies).toBe(0);
  });

  it('throws when no model continues, and keeps what was said', async () => {
    const result = await ask(fakeModel(fails('connection_lost', 'It is three.')), fakeModel(fails('quota')));
    expect(result).toMatchObject({ text: 'It is three.', error: { code: 'connection_lost' } });
  });

  it('treats a reply without words as no reply', async () => {
    const result = await ask(fakeModel(says(' ')), fakeModel(says('Three.')));
    expect(result).toMatchObject({ text: ' Three.|', asked: [1, 1] });
  });

  it('treats a completely filtered reply as a refusal', async () => {
    const filtered = fakeModel({ tokens: [' '], finishReason: 'content_filter' });
    expect(await ask(filtered, fakeModel(says('Three.')))).toMatchObject({ text: ' Three.|', asked: [1, 1] });
    expect(await ask(fakeModel({ tokens: [], finishReason: 'content_filter' }))).toMatchObject({
      text: '',
      error: { code: 'invalid_request' },
      asked: [1],
    });
  });

  it('does not repeat what was said before a retry', async () => {
    const result = await ask(fakeModel(fails('connection_lost', 'It is thr'), says('three', ' o’clock.')));
    expect(result).toMatchObject({ text: 'It is three o’clock.|', asked: [2] });
  });

  describe('with tools', () => {
    const TOOLS = [{ name: 'get_time', description: 'Tells the time.', parameters: { type: 'object' } }];
    const CALL = { id: 'c1', name: 'get_time', arguments: '{}' };
    const calling = (failure?: FakeReplyScript['failure']): FakeReplyScript => ({
      tokens: [],
      toolCalls: [CALL],
      ...(failure && { failure }),
    });

    function askWithTools(...models: [FakeLanguageModel, ...FakeLanguageModel[]]) {
      return reading(new FailoverLanguageModel(failoverOf(...models)).generate({ ...REQUEST, tools: TOOLS }, never()));
    }

    it('passes tool calls on, also when the reply has no words', async () => {
      const first = fakeModel(calling());
      const { items, done } = askWithTools(first);
      expect(await done).toBeUndefined();
      expect(items).toEqual([
        { type: 'tool_call', ...CALL },
        { type: 'end', finishReason: 'tool_calls' },
      ]);
      expect(first.replies[0]?.request.tools).toEqual(TOOLS);
    });

    it('asks the next model as long as no tool call was passed on', async () => {
      const { items, done } = askWithTools(fakeModel(calling({ code: 'quota', afterTokens: 0 })), fakeModel(calling()));
      expect(await done).toBeUndefined();
      expect(items.map(({ type }) => type)).toEqual(['tool_call', 'end']);
    });

    it('neither asks again nor continues when the reply fails after a tool call', async () => {
      const first = fakeModel('manual');
      const second = fakeModel(says('It is three.'));
      const { items, done } = askWithTools(first, second);
      await settle();
      first.replies[0]?.toolCall(CALL);
      first.replies[0]?.fail('connection_lost');
      expect(await done).toMatchObject({ code: 'connection_lost' });
      expect(items).toEqual([{ type: 'tool_call', ...CALL }]);
      expect([first.replies.length, second.replies.length]).toEqual([1, 0]);
    });

    it('lets the model that continues a reply call tools', async () => {
      const { items, done } = askWithTools(fakeModel(fails('quota', 'Let me', ' see.')), fakeModel(calling()));
      expect(await done).toBeUndefined();
      expect(items.map(({ type }) => type)).toEqual(['text', 'text', 'tool_call', 'end']);
    });

    it('drops tool calls that no tool was offered for', async () => {
      const words = { tokens: ['Three.'], toolCalls: [CALL] };
      expect((await ask(fakeModel(words))).text).toBe('Three.|');
      expect(await ask(fakeModel(calling()), fakeModel(says('Three.')))).toMatchObject({ text: 'Three.|', asked: [1, 1] });
    });
  });

  it('waits as long as a rate limit lasts, when that is short', async () => {
    const first = fakeModel(fails('rate_limited'), says('Three.'));
    const { items, done } = reading(new FailoverLanguageModel(failoverOf(first)).generate(REQUEST, never()));
    await pass(280);
    expect(first.replies).toHaveLength(1);
    await pass(40);
    await done;
    expect(textOf(items)).toBe('Three.|');
  });

  it.each([
    ['before the first word', says(), 0],
    ['after a word', says('It'), 1],
  ])('switches to the next model when one hangs %s', async (_name, script, tokens) => {
    const first = fakeModel({ ...script, stallAfterTokens: tokens });
    const second = fakeModel({ tokens: [' is three.'], firstTokenMs: 5_000 });
    const { items, done } = reading(new FailoverLanguageModel(failoverOf(first, second)).generate(REQUEST, never()));
    await pass(5_900);
    expect([first.replies.length, second.replies.length]).toEqual([1, 0]);
    await pass(200);
    expect([first.openReplies, second.openReplies]).toEqual([0, 1]);
    await pass(5_000);
    await done;
    expect(textOf(items)).toBe(`${script.tokens.join('')} is three.|`);
  });

  it('does not count the time of a slow reader', async () => {
    const first = fakeModel(says('It', ' is.'));
    const reply = new FailoverLanguageModel(failoverOf(first, fakeModel())).generate(REQUEST, never());
    await reply.next();
    await pass(60_000);
    expect(jest.getTimerCount()).toBe(0);
    expect(textOf(await collectRest(reply))).toBe(' is.|');
  });

  it('ends silently when aborted while it waits to try again', async () => {
    const first = fakeModel(fails('rate_limited'));
    const controller = new AbortController();
    const { items, done } = reading(new FailoverLanguageModel(failoverOf(first)).generate(REQUEST, controller.signal));
    await pass(100);
    controller.abort();
    expect([await done, items, first.replies.length]).toEqual([undefined, [], 1]);
    expect(abortListeners(controller.signal)).toBe(0);
  });

  it('warms the model that is asked first', async () => {
    const [first, second] = [fakeModel(fails('auth')), fakeModel(says('Three.'))];
    const model = new FailoverLanguageModel(failoverOf(first, second));
    await model.warm(never());
    await reading(model.generate(REQUEST, never())).done;
    await model.warm(never());
    await settle();
    expect([first.warmSignals.length, second.warmSignals.length]).toEqual([1, 1]);
  });

  async function collectRest(events: AsyncGenerator<LlmEvent, void>): Promise<LlmEvent[]> {
    const { items, done } = reading(events);
    await done;
    return items;
  }
});
