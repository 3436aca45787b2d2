import { chatRequest, isVendorHost, sentRequest } from './chat-request';
import { PLAIN_DIALECT } from './server-dialect';

const MESSAGES = [{ role: 'user', content: 'hi' }] as const;

describe('chatRequest', () => {
  it('asks for usage, limits the length of the reply, and sets the temperature if one is given', () => {
    expect(chatRequest('gpt-4o', { messages: MESSAGES, maxTokens: 50 }, { maxTokens: 9, temperature: 0.3, isVendorHost: false })).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 50,
      temperature: 0.3,
    });
  });

  it('switches padding off only when the request goes to OpenAI itself', () => {
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
  ])('for the model %s, sends the temperature: %p, and the reasoning effort %p', (model, takesTemperature, effort) => {
    const body = chatRequest(model, { messages: MESSAGES }, { temperature: 0.5, isVendorHost: true });
    expect([body.temperature, body.reasoning_effort]).toEqual([takesTemperature ? 0.5 : undefined, effort]);
    expect(body).not.toHaveProperty('max_tokens');
  });
});

describe('chatRequest for a server that does not accept every parameter', () => {
  const asked = (...without: (typeof PLAIN_DIALECT.without extends ReadonlySet<infer Name> ? Name : never)[]) =>
    chatRequest(
      'gpt-6-luna',
      { messages: MESSAGES, maxTokens: 50 },
      { isVendorHost: false },
      { ...PLAIN_DIALECT, without: new Set(without) },
    );

  it.each([
    ['stream_options' as const, { stream: true, max_completion_tokens: 50, reasoning_effort: 'none' }],
    ['max_completion_tokens' as const, { stream: true, stream_options: { include_usage: true }, max_tokens: 50, reasoning_effort: 'none' }],
    ['reasoning_effort' as const, { stream: true, stream_options: { include_usage: true }, max_completion_tokens: 50 }],
    ['stream' as const, { max_completion_tokens: 50, reasoning_effort: 'none' }],
  ])('leaves out %s', (name, rest) => {
    expect(asked(name)).toEqual({ model: 'gpt-6-luna', messages: MESSAGES, ...rest });
  });

  it('sends no length limit when the server refuses both of its names', () => {
    expect(Object.keys(asked('max_completion_tokens', 'max_tokens')).sort()).toEqual([
      'messages',
      'model',
      'reasoning_effort',
      'stream',
      'stream_options',
    ]);
  });
});

describe('sentRequest', () => {
  it('counts the results of tools as tools, even where no tools are offered', () => {
    const messages = [
      ...MESSAGES,
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'get_time', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'c1', content: '10:05' },
    ] as const;
    const body = chatRequest('gpt-4o', { messages }, { isVendorHost: false });
    expect(body).not.toHaveProperty('tools');
    expect(sentRequest(body).parameters).toContain('tools');
    expect(sentRequest(body).messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'hi'],
      ['assistant', ''],
      ['tool', '10:05'],
    ]);
  });
});

describe('isVendorHost', () => {
  it.each([
    ['https://api.openai.com/v1', true],
    ['https://eu.api.openai.com/v1', true],
    ['http://127.0.0.1:11434/v1', false],
    ['https://api.openai.com.example.org/v1', false],
  ])('for %s is %p', (baseURL, expected) => expect(isVendorHost(baseURL)).toBe(expected));
});
