import type { SocketEnd } from '../socket/vendor-socket';
import { sarvamSocketError, type SarvamFault } from './sarvam-errors';

const refused = (status: number, code?: string): SocketEnd => ({
  kind: 'refused',
  status,
  body: code === undefined ? 'not json' : JSON.stringify({ error: { message: 'words', code, request_id: 'r' } }),
  retryAfterMs: undefined,
});
const closed = (code: number): SocketEnd => ({ kind: 'closed', code, reason: '' });
const fault = (status?: number, code?: string): SarvamFault => ({ status, code });

describe('sarvamSocketError', () => {
  it.each([
    [refused(403, 'invalid_api_key_error'), 'auth', false],
    [refused(403), 'auth', false],
    [refused(429, 'rate_limit_exceeded_error'), 'rate_limited', true],
    [refused(429, 'insufficient_quota_error'), 'quota', false],
    [refused(400, 'invalid_request_error'), 'invalid_request', false],
    [refused(404, 'not_found_error'), 'model_not_found', false],
    [refused(503, 'internal_server_error'), 'unavailable', true],
    [refused(301), 'unavailable', true],
    [{ kind: 'timeout' } as const, 'timeout', true],
    [{ kind: 'failed', cause: new Error('ECONNREFUSED') } as const, 'unavailable', true],
    [closed(1006), 'connection_lost', true],
    [closed(1000), 'connection_lost', true],
    [closed(1003), 'rate_limited', true],
    [closed(1008), 'connection_lost', true],
    [closed(1011), 'unavailable', true],
    [closed(4000), 'invalid_request', false],
  ])('maps the end of the connection %j to %s', (end, code, retryable) => {
    expect(sarvamSocketError(end, undefined)).toMatchObject({ provider: 'sarvam', code, retryable });
  });

  it.each([
    [fault(401), 1003, 'auth'],
    [fault(403, 'invalid_api_key_error'), 1003, 'auth'],
    [fault(429, 'insufficient_quota_error'), 1003, 'quota'],
    [fault(undefined, 'rate_limit_exceeded_error'), 1003, 'rate_limited'],
    [fault(400), 4000, 'invalid_request'],
    [fault(408), 1008, 'timeout'],
    [fault(503), 4000, 'unavailable'],
    [fault(), 1011, 'unavailable'],
    [fault(), 4000, 'invalid_request'],
    [fault(), 1006, 'unavailable'],
  ])('maps the error %j followed by close code %i to %s', (error, closeCode, code) => {
    expect(sarvamSocketError(closed(closeCode), error)).toMatchObject({ code });
  });

  it('keeps the requested waiting time, and does not repeat the vendor’s words in the message', () => {
    const error = sarvamSocketError(
      { kind: 'refused', status: 429, body: '{"error":{"message":"secret words","code":"a b"}}', retryAfterMs: 2_000 },
      undefined,
    );
    expect(error).toMatchObject({ retryAfterMs: 2_000, message: 'sarvam refused the connection (429)' });
  });
});
