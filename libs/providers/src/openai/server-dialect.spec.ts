import { APIError } from 'openai';
import { learnFrom, PLAIN_DIALECT, type SentRequest } from './server-dialect';

const SENT: SentRequest = {
  parameters: new Set(['stream', 'stream_options', 'max_completion_tokens', 'temperature', 'reasoning_effort']),
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is the temperature?' },
  ],
};
const CONTINUED: SentRequest = { ...SENT, messages: [...SENT.messages, { role: 'assistant', content: 'It is' }] };

/** Returns the error that the vendor's client throws for an answer with this status and body. */
const refused = (status: number, body: unknown): APIError =>
  typeof body === 'string'
    ? APIError.generate(status, undefined, body, new Headers())
    : APIError.generate(status, { error: body }, undefined, new Headers());
const envelope = (message: string, fields: object = {}) => ({ message, type: 'invalid_request_error', param: null, code: null, ...fields });

describe('learnFrom', () => {
  it.each<[string, number, unknown, string]>([
    [
      'OpenAI',
      400,
      envelope("Unsupported parameter: 'max_completion_tokens' is not supported with this model. Use 'max_tokens' instead.", {
        param: 'max_completion_tokens',
        code: 'unsupported_parameter',
      }),
      'max_completion_tokens',
    ],
    ['OpenAI on a value', 400, envelope("Unsupported value: 'temperature' does not support 0.5", { param: 'temperature' }), 'temperature'],
    ['OpenAI on a part', 400, envelope('Unknown parameter.', { param: 'stream_options.include_obfuscation' }), 'stream_options'],
    ['OpenAI before a stream', 400, envelope('Your organization must be verified to stream this model.', { param: 'stream' }), 'stream'],
    ['Azure', 400, envelope('Unrecognized request argument supplied: stream_options'), 'stream_options'],
    ['Groq', 400, envelope("property 'reasoning_effort' is unsupported"), 'reasoning_effort'],
    [
      'FastAPI',
      422,
      {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'stream_options'],
            msg: 'Extra inputs are not permitted',
            input: { max_completion_tokens: 5 },
          },
        ],
      },
      'stream_options',
    ],
    [
      'Mistral',
      422,
      { object: 'error', message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'max_completion_tokens'], msg: 'Extra inputs' }] } },
      'max_completion_tokens',
    ],
    [
      'an older vLLM',
      400,
      {
        object: 'error',
        message: "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted'}]",
        code: 400,
      },
      'stream_options',
    ],
    ['a server that answers in plain text', 400, 'json: unknown field "max_completion_tokens"', 'max_completion_tokens'],
    ['a server whose error is a string', 400, 'unknown field "stream_options"', 'stream_options'],
    ['a server that fails on an unknown parameter', 500, envelope("got an unexpected keyword argument 'stream_options'"), 'stream_options'],
  ])('learns from the refusal of %s which parameter to leave out', (_name, status, body, name) => {
    expect(learnFrom(refused(status, body), SENT, PLAIN_DIALECT)).toEqual({ ...PLAIN_DIALECT, without: new Set([name]) });
  });

  it('adds to what was learnt before', () => {
    const before = { ...PLAIN_DIALECT, without: new Set(['stream_options'] as const) };
    const after = learnFrom(refused(400, envelope('temperature?', { param: 'temperature' })), SENT, before);
    expect([...(after?.without ?? [])]).toEqual(['stream_options', 'temperature']);
  });

  it.each<[string, number | undefined, unknown, SentRequest]>([
    ['Gemma', 400, envelope('System role not supported'), SENT],
    [
      'a template that requires alternating roles',
      400,
      envelope('Conversation roles must alternate user/assistant/user/assistant/...'),
      SENT,
    ],
    ['llama.cpp', 500, envelope('Jinja Exception: Conversation roles must alternate', { code: 500, type: 'server_error' }), SENT],
    ['OpenAI', 400, envelope("'messages[0].role' does not support 'system' with this model.", { param: 'messages[0].role' }), SENT],
    [
      'a server that reports the error within its answer',
      undefined,
      { message: 'Error rendering prompt with jinja template: System role not supported' },
      SENT,
    ],
  ])('learns from %s that system messages are refused', (_name, status, body, sent) => {
    const error = status === undefined ? new APIError(undefined, body as object, undefined, undefined) : refused(status, body);
    expect(learnFrom(error, sent, PLAIN_DIALECT)).toEqual({ ...PLAIN_DIALECT, refusesSystem: true });
    expect(learnFrom(error, { ...sent, messages: sent.messages.slice(1) }, PLAIN_DIALECT)).toBeUndefined();
  });

  it.each([
    ['Mistral', 'Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant'],
    ['Anthropic', 'This model does not support assistant message prefill. The conversation must end with a user message.'],
    [
      'another template that requires alternating roles',
      'After the optional system message, conversation roles must alternate user/assistant',
    ],
  ])('learns from %s that the user’s message must be the last', (_name, message) => {
    expect(learnFrom(refused(400, envelope(message)), CONTINUED, PLAIN_DIALECT)).toEqual({ ...PLAIN_DIALECT, refusesAssistantLast: true });
  });

  it.each([
    ['OpenAI', 400, envelope('m', { code: 'context_length_exceeded', param: 'messages' })],
    ['llama.cpp', 400, envelope('the request exceeds the available context size', { type: 'exceed_context_size_error' })],
    ['a gateway', 413, 'too large'],
  ])('learns from %s that the messages must be shorter', (_name, status, body) => {
    const longer = { ...CONTINUED, messages: CONTINUED.messages.map(({ role }) => ({ role, content: '1234567890' })) };
    expect(learnFrom(refused(status, body), longer, PLAIN_DIALECT)).toEqual({ ...PLAIN_DIALECT, maxCharacters: 15 });
    expect(learnFrom(refused(status, body), SENT, PLAIN_DIALECT)).toBeUndefined();
  });

  describe('with tools', () => {
    const WITH_TOOLS: SentRequest = { ...SENT, parameters: new Set([...SENT.parameters, 'tools']) };
    const WITH_RESULT: SentRequest = {
      ...WITH_TOOLS,
      messages: [...SENT.messages, { role: 'assistant', content: '' }, { role: 'tool', content: '21 degrees' }],
    };

    it.each<[string, SentRequest, APIError]>([
      ['that it does not support them', WITH_TOOLS, refused(400, envelope('m does not support tools'))],
      [
        'that it does not know them',
        WITH_TOOLS,
        refused(422, { detail: [{ type: 'extra_forbidden', loc: ['body', 'tools'], msg: 'Extra' }] }),
      ],
      ['that it is not set up for them', WITH_TOOLS, refused(400, envelope('"auto" tool choice requires --enable-auto-tool-choice'))],
      ['that it knows no such role', WITH_RESULT, refused(400, envelope("Unexpected role 'tool'"))],
      ['that roles must alternate', WITH_RESULT, refused(500, envelope('Conversation roles must alternate user/assistant/user/assistant'))],
    ])('learns to leave them out from a server that says %s', (_name, sent, error) => {
      expect(learnFrom(error, sent, PLAIN_DIALECT)).toEqual({ ...PLAIN_DIALECT, without: new Set(['tools']) });
    });

    it('learns nothing from an error that is about one of them', () => {
      const message = "Invalid 'tools[0].function.name': string does not match pattern.";
      expect(learnFrom(refused(400, envelope(message, { param: 'tools[0].function.name' })), WITH_TOOLS, PLAIN_DIALECT)).toBeUndefined();
      expect(learnFrom(refused(400, envelope('tools.0.name: too long')), WITH_TOOLS, PLAIN_DIALECT)).toBeUndefined();
    });

    it('asks for fewer messages as long as there are some before the question that the tools were used for', () => {
      const error = refused(413, 'too large');
      expect(learnFrom(error, WITH_RESULT, PLAIN_DIALECT)).toBeUndefined();
      const earlier = { role: 'user', content: 'Hello.' };
      const longer = { ...WITH_RESULT, messages: [earlier, { role: 'assistant', content: 'Hi.' }, ...WITH_RESULT.messages] };
      expect(learnFrom(error, longer, PLAIN_DIALECT)).toHaveProperty('maxCharacters', 26);
    });
  });

  it.each<[string, unknown]>([
    ['names no parameter', refused(400, envelope('Bad request.'))],
    ['names a parameter that was not sent', refused(400, envelope('Unknown parameter.', { param: 'top_p' }))],
    ['is about the content of the messages', refused(400, envelope('Your request was flagged.', { code: 'content_policy_violation' }))],
    [
      'only quotes the request',
      refused(422, { detail: [{ loc: ['body', 'tools'], msg: 'm', input: { stream_options: {}, temperature: 1 } }] }),
    ],
    ['is about the API key', refused(401, envelope('No key for stream_options'))],
    ['is about a rate limit', refused(429, envelope('Limit on max_completion_tokens'))],
    ['is an internal error of the server', refused(500, envelope('Internal system error'))],
    ['is not an answer of the server', new TypeError('terminated')],
  ])('learns nothing from an error that %s', (_name, error) => {
    expect(learnFrom(error, SENT, PLAIN_DIALECT)).toBeUndefined();
  });
});
