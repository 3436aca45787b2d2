import { ProviderError } from '../ports/provider-error';
import type { SocketEnd } from '../socket/vendor-socket';
import { afterAudio, elevenLabsFrameError, elevenLabsHttpError, elevenLabsSocketError } from './eleven-labs-errors';

const refused = (status: number, detail: unknown, retryAfterMs?: number): SocketEnd => ({
  kind: 'refused',
  status,
  body: JSON.stringify({ detail }),
  retryAfterMs,
});
const closed = (code: number): SocketEnd => ({ kind: 'closed', code, reason: '' });
const status = (name: string) => ({ status: name, message: 'words' });

describe('elevenLabsSocketError', () => {
  it.each<[SocketEnd, string, boolean]>([
    [refused(401, status('invalid_api_key')), 'auth', false],
    [refused(401, status('quota_exceeded')), 'quota', false],
    [refused(401, { code: 'quota_exceeded', type: 'newer' }), 'quota', false],
    [refused(403, status('only_for_creator+')), 'invalid_request', false],
    [refused(403, 'Forbidden'), 'auth', false],
    [refused(400, status('voice_not_found')), 'model_not_found', false],
    [refused(404, undefined), 'model_not_found', false],
    [refused(400, status('max_character_limit_exceeded')), 'invalid_request', false],
    [refused(422, [{ loc: ['body'], msg: 'm', type: 't' }]), 'invalid_request', false],
    [refused(429, status('too_many_concurrent_requests')), 'rate_limited', true],
    [refused(429, status('concurrent_limit_exceeded')), 'rate_limited', true],
    [refused(429, status('system_busy')), 'rate_limited', true],
    [refused(503, undefined), 'unavailable', true],
    [{ kind: 'timeout' }, 'timeout', true],
    [{ kind: 'failed', cause: new Error('ECONNREFUSED') }, 'unavailable', true],
    [closed(1000), 'connection_lost', true],
    [closed(1006), 'connection_lost', true],
    [closed(1008), 'invalid_request', false],
    [closed(1009), 'invalid_request', false],
    [closed(1011), 'unavailable', true],
  ])('maps the end of the connection %j to %s', (end, code, retryable) => {
    expect(elevenLabsSocketError(end)).toMatchObject({ provider: 'elevenlabs', code, retryable });
  });

  it('keeps the requested waiting time, except when the account is used up', () => {
    expect(elevenLabsSocketError(refused(429, undefined, 500)).retryAfterMs).toBe(500);
    expect(elevenLabsSocketError(refused(401, status('quota_exceeded'), 500)).retryAfterMs).toBeUndefined();
  });
});

describe('elevenLabsFrameError', () => {
  it.each([
    ['quota_exceeded', 1008, 'quota'],
    ['authentication_required', 1008, 'auth'],
    ['max_active_conversations', 1008, 'rate_limited'],
    ['input_timeout_exceeded', 1008, 'timeout'],
    ['invalid_input_message', 1008, 'invalid_request'],
    ['something_new', 1008, 'invalid_request'],
    ['something_new', 1011, 'unavailable'],
    ['something_new', undefined, 'unavailable'],
    [undefined, undefined, 'unavailable'],
  ])('maps the error %p with close code %p to %s', (error, closeCode, code) => {
    expect(elevenLabsFrameError(error, closeCode)).toMatchObject({ code });
  });
});

describe('elevenLabsHttpError', () => {
  const sdkError = (fields: object) => Object.assign(new Error('m'), { name: 'ElevenLabsError' }, fields);

  it.each<[string, unknown, string]>([
    ['an invalid API key', sdkError({ statusCode: 401, body: { detail: status('invalid_api_key') } }), 'auth'],
    ['a used-up account', sdkError({ statusCode: 401, body: { detail: status('quota_exceeded') } }), 'quota'],
    ['an unprocessable body', sdkError({ statusCode: 422, body: { detail: [] } }), 'invalid_request'],
    ['too many requests', sdkError({ statusCode: 429, body: undefined }), 'rate_limited'],
    ['a server error', sdkError({ statusCode: 500, body: 'html' }), 'unavailable'],
    ['a timeout of the vendor’s client', Object.assign(new Error('m'), { name: 'ElevenLabsTimeoutError' }), 'timeout'],
    ['a timeout reported with the base class', sdkError({ message: 'timeout' }), 'timeout'],
    ['status 599, which stands for no answer', sdkError({ statusCode: 599 }), 'unavailable'],
    ['a server that cannot be reached', sdkError({ cause: new TypeError('fetch failed') }), 'unavailable'],
    ['a connection that breaks within the body', new TypeError('terminated'), 'connection_lost'],
    ['an unknown value', 'odd', 'unavailable'],
  ])('maps %s to the right code', (_name, thrown, code) => {
    expect(elevenLabsHttpError(thrown)).toMatchObject({ name: 'ProviderError', provider: 'elevenlabs', code });
  });

  it('reads the requested waiting time', () => {
    const error = sdkError({ statusCode: 429, body: {}, rawResponse: { headers: new Headers({ 'retry-after': '2' }) } });
    expect(elevenLabsHttpError(error).retryAfterMs).toBe(2_000);
  });
});

it('afterAudio keeps the error code and forbids a retry', () => {
  const error = new ProviderError('elevenlabs', 'timeout', 'm', { retryAfterMs: 5 });
  expect(afterAudio(error)).toMatchObject({ code: 'timeout', message: 'm', retryable: false, cause: error });
});
