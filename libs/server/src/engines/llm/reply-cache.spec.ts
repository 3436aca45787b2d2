import type { ChatMessage, LlmEvent, LlmRequest } from '@parley/providers';
import { FakeLanguageModel, type FakeReplyScript } from '@parley/testing';
import { CachingLanguageModel } from './reply-cache';

const PROMPT = 'Be brief.';
const ask = (question: string, ...before: ChatMessage[]): LlmRequest => ({
  messages: [{ role: 'system', content: PROMPT }, ...before, { role: 'user', content: question }],
});

describe('the reply cache', () => {
  let nowMs: number;
  let asked: boolean[];
  let fake: FakeLanguageModel;

  beforeEach(() => {
    nowMs = 0;
    asked = [];
  });

  function caching(script: (index: number) => FakeReplyScript = (index) => ({ tokens: [`Reply `, `${index}.`] })): CachingLanguageModel {
    fake = new FakeLanguageModel({ script: (_request, index) => script(index) });
    return new CachingLanguageModel(fake, { systemPrompt: PROMPT, ttlMs: 1_000, now: () => nowMs, onAsked: (isHit) => asked.push(isHit) });
  }

  async function reply(model: CachingLanguageModel, request: LlmRequest, signal = new AbortController().signal): Promise<string> {
    const events: LlmEvent[] = [];
    for await (const event of model.generate(request, signal)) events.push(event);
    return events.map((event) => (event.type === 'text' ? event.text : '|')).join('');
  }

  it('answers the same first question with the same reply, however it is written', async () => {
    const model = caching();
    const questions = ['What time is it?', '  what  time is it ', 'WHAT TIME IS IT?!', 'What time is it now?'];
    const replies: string[] = [];
    for (const question of questions) replies.push(await reply(model, ask(question)));
    expect(replies).toEqual(['Reply 0.|', 'Reply 0.|', 'Reply 0.|', 'Reply 1.|']);
    expect(asked).toEqual([false, true, true, false]);
  });

  it('forgets a reply after its time', async () => {
    const model = caching();
    await reply(model, ask('Hi'));
    nowMs = 999;
    expect(await reply(model, ask('Hi'))).toBe('Reply 0.|');
    nowMs = 1_000;
    expect(await reply(model, ask('Hi'))).toBe('Reply 1.|');
  });

  it.each<[string, LlmRequest]>([
    ['a question after others', ask('Hi', { role: 'user', content: 'I am Anna.' }, { role: 'assistant', content: 'Hello.' })],
    ['a question with what is known from before', ask('Hi', { role: 'system', content: 'Earlier in this conversation: a name' })],
    [
      'a prompt of the client',
      {
        messages: [
          { role: 'system', content: 'Be rude.' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
    ['a request without the prompt', { messages: [{ role: 'user', content: 'Hi' }] }],
    ['a request with tools', { ...ask('Hi'), tools: [{ name: 'clock', description: 'The time.', parameters: {} }] }],
  ])('is not used for %s', async (_what, request) => {
    const model = caching();
    await reply(model, ask('Hi'));
    asked.length = 0;
    expect([await reply(model, request), await reply(model, request)]).toEqual(['Reply 1.|', 'Reply 2.|']);
    expect(asked).toEqual([]);
    expect(await reply(model, ask('Hi'))).toBe('Reply 0.|');
  });

  it.each<[string, FakeReplyScript]>([
    ['cut off', { tokens: ['Reply'], finishReason: 'length' }],
    ['filtered', { tokens: ['Reply'], finishReason: 'content_filter' }],
    ['empty', { tokens: [' '] }],
    ['very long', { tokens: ['x'.repeat(10_001)] }],
  ])('does not keep a reply that is %s', async (_what, script) => {
    const model = caching(() => script);
    await reply(model, ask('Hi'));
    await reply(model, ask('Hi'));
    expect(fake.replies).toHaveLength(2);
  });

  it('does not keep a reply that failed or was cancelled', async () => {
    const failing = caching(() => ({ tokens: ['Reply'], failure: { code: 'unavailable', afterTokens: 1 } }));
    await expect(reply(failing, ask('Hi'))).rejects.toThrow();
    await expect(reply(failing, ask('Hi'))).rejects.toThrow();
    expect(fake.replies).toHaveLength(2);
    const model = caching();
    for await (const event of model.generate(ask('Hi'), new AbortController().signal)) if (event.type === 'text') break;
    expect(await reply(model, ask('Hi'))).toBe('Reply 1.|');
  });

  it('keeps a limited number of replies, those that were used last', async () => {
    const model = caching();
    await reply(model, ask('first'));
    for (let index = 0; index < 999; index++) await reply(model, ask(`question ${index}`));
    expect(await reply(model, ask('first'))).toBe('Reply 0.|');
    await reply(model, ask('one more'));
    expect(await reply(model, ask('first'))).toBe('Reply 0.|');
    expect(await reply(model, ask('question 0'))).toBe('Reply 1001.|');
  });
});
