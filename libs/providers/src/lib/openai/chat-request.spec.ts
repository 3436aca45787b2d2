import { chatRequest, isVendorHost } from './chat-request';
import { finishReason, readChatChunk } from './chat-chunk';

const MESSAGES = [{ role: 'user', content: 'hi' }] as const;

describe('chatRequest', () => {
  it('asks a plain model for usage, bounds the reply, and sets a temperature if given one', () => {
    expect(chatRequest('gpt-4o', { messages: MESSAGES, maxTokens: 50 }, { maxTokens: 9, temperature: 0.3, isVendorHost: false })).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 50,
      temperature: 0.3,
    });
  });

  it('switches padding off at the vendor only', () => {
    const body = chatRequest('gpt-4o', { messages: MESSAGES }, { maxTokens: 9, isVendorHost: true });
    expect(body.stream_options).toEqual({ include_usage: true, include_obfuscation: false });
    expect(body.max_completion_tokens).toBe(9);
  });

  it.each([
    ['gpt-4o', true, undefined],
    ['gpt-4.1-mini', true, undefined],
    ['llama3.2:3b', true, undefined],
    ['o3', false, undefined],
    ['o4-mini', false, undefined],
    ['gpt-5-mini', false, undefined],
    ['gpt-5.1', false, 'none'],
    ['gpt-6-luna', false, 'none'],
  ])('%s: temperature %p, reasoning effort %p', (model, takesTemperature, effort) => {
    const body = chatRequest(model, { messages: MESSAGES }, { temperature: 0.5, isVendorHost: true });
    expect([body.temperature, body.reasoning_effort]).toEqual([takesTemperature ? 0.5 : undefined, effort]);
    expect(body).not.toHaveProperty('max_tokens');
  });
});

describe('isVendorHost', () => {
  it.each([
    ['https://api.openai.com/v1', true],
    ['https://eu.api.openai.com/v1', true],
    ['http://127.0.0.1:11434/v1', false],
    ['https://api.openai.com.example.org/v1', false],
  ])('%s: %p', (baseURL, expected) => expect(isVendorHost(baseURL)).toBe(expected));
});

describe('readChatChunk', () => {
  const none = { text: '', isReasoning: false, finish: undefined, usage: undefined };

  it.each([
    ['the role', { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }], usage: null }, none],
    ['text', { choices: [{ delta: { content: 'Hel' }, finish_reason: null }] }, { ...none, text: 'Hel' }],
    ['reasoning', { choices: [{ delta: { reasoning_content: 'hm', content: null } }] }, { ...none, isReasoning: true }],
    ['reasoning as Ollama names it', { choices: [{ delta: { reasoning: 'hm', content: '' } }] }, { ...none, isReasoning: true }],
    ['the finish', { choices: [{ delta: {}, finish_reason: 'stop' }] }, { ...none, finish: 'stop' }],
    ['the finish with text, without a delta', { choices: [{ finish_reason: 'length' }] }, { ...none, finish: 'length' }],
    [
      'usage',
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
      { ...none, usage: { promptTokens: 3, completionTokens: 2 } },
    ],
    ['no choices', { object: 'chat.completion.chunk' }, undefined],
    ['nothing', null, undefined],
  ])('%s', (_name, event, expected) => expect(readChatChunk(event)).toEqual(expected));
});

describe('finishReason', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['tool_calls', 'stop'],
    ['abort', undefined],
  ])('%s: %p', (finish, expected) => expect(finishReason(finish)).toBe(expected));
});
