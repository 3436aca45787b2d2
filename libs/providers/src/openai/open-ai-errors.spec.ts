import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ProviderError } from '../ports/provider-error';
import { openAiError } from './open-ai-errors';

const answered = (status: number, error: object | undefined, headers: Record<string, string> = {}) =>
  APIError.generate(status, error && { error }, undefined, new Headers(headers));
const midStream = (error: object) => new APIError(undefined, error, undefined, undefined);
const coded = (code: string) => Object.assign(new Error(code), { code });
const classify = (thrown: unknown) => openAiError(thrown, 'openai');

describe('openAiError', () => {
  it.each<[string, unknown, string, boolean]>([
    ['an invalid API key', answered(401, { code: 'invalid_api_key', type: 'invalid_request_error' }), 'auth', false],
    ['a forbidden region', answered(403, { code: 'unsupported_country', type: 'request_forbidden' }), 'auth', false],
    ['a missing model', answered(404, { code: 'model_not_found', type: 'invalid_request_error' }), 'model_not_found', false],
    [
      'a model that Ollama has not downloaded',
      answered(404, { message: 'm', type: 'not_found_error', param: null, code: null }),
      'model_not_found',
      false,
    ],
    ['a model that vLLM does not serve', answered(404, { message: 'm', type: 'NotFoundError', code: 404 }), 'model_not_found', false],
    [
      'a missing model, reported as plain text',
      APIError.generate(404, { error: 'model "x" not found' }, undefined, new Headers()),
      'model_not_found',
      false,
    ],
    ['a wrong address', answered(404, undefined), 'invalid_request', false],
    ['a refused parameter', answered(400, { code: 'unsupported_parameter', type: 'invalid_request_error' }), 'invalid_request', false],
    [
      'a context that is too long',
      answered(400, { code: 'context_length_exceeded', type: 'invalid_request_error' }),
      'invalid_request',
      false,
    ],
    ['an unprocessable body', answered(422, undefined), 'invalid_request', false],
    ['too many requests', answered(429, { code: 'rate_limit_exceeded', type: 'tokens' }), 'rate_limited', true],
    ['a used-up account', answered(429, { code: 'insufficient_quota', type: 'insufficient_quota' }), 'quota', false],
    ['a credit balance of zero', answered(429, { code: 'credit_balance_exhausted', type: 'x' }), 'quota', false],
    ['status 429 without an explanation', answered(429, undefined), 'rate_limited', true],
    ['a request timeout', answered(408, undefined), 'timeout', true],
    ['a conflict', answered(409, undefined), 'unavailable', true],
    ['a server error', answered(500, { type: 'server_error', code: null }), 'unavailable', true],
    ['an overload', answered(503, undefined), 'unavailable', true],
    ['an error within the stream', midStream({ message: 'm', type: 'server_error', param: null, code: null }), 'unavailable', true],
    ['a rate limit within the stream', midStream({ type: 'tokens', code: 'rate_limit_exceeded' }), 'rate_limited', true],
    ['an error of vLLM within the stream', midStream({ message: 'm', type: 'BadRequestError', code: 400 }), 'invalid_request', false],
    ['an unknown error within the stream', midStream({ message: 'm' }), 'unavailable', true],
    ['headers that do not arrive in time', new APIConnectionTimeoutError(), 'timeout', true],
    [
      'a server that cannot be reached',
      new APIConnectionError({ cause: Object.assign(new TypeError('fetch failed'), { cause: coded('ECONNREFUSED') }) }),
      'unavailable',
      true,
    ],
    [
      'a connection that breaks before the headers',
      new APIConnectionError({ cause: Object.assign(new TypeError('f'), { cause: coded('UND_ERR_SOCKET') }) }),
      'connection_lost',
      true,
    ],
    [
      'a connection that breaks within the body',
      Object.assign(new TypeError('terminated'), { cause: coded('UND_ERR_SOCKET') }),
      'connection_lost',
      true,
    ],
    ['an event that is not JSON', new SyntaxError('malformed'), 'bad_response', true],
  ])('maps %s to the right code', (_name, thrown, code, retryable) => {
    expect(classify(thrown)).toMatchObject({ name: 'ProviderError', provider: 'openai', code, retryable });
  });

  it('keeps the waiting time that the vendor asks for', () => {
    expect(classify(answered(429, undefined, { 'retry-after': '2' }))).toMatchObject({ retryAfterMs: 2_000, retryable: true });
    expect(classify(answered(429, undefined, { 'x-should-retry': 'false' }))).toMatchObject({ retryable: false });
    expect(classify(answered(429, { code: 'insufficient_quota' }, { 'retry-after': '2' })).retryAfterMs).toBeUndefined();
  });

  it('does not repeat the vendor’s words in its message', () => {
    const error = classify(answered(401, { message: 'Incorrect API key provided: sk-1234', code: 'invalid_api_key' }));
    expect(error.message).toBe('openai answered with an error (401, invalid_api_key)');
    expect(error.cause).toBeUndefined();
  });

  it('returns a ProviderError unchanged', () => {
    const own = new ProviderError('openai', 'timeout', 'm');
    expect(classify(own)).toBe(own);
  });
});
