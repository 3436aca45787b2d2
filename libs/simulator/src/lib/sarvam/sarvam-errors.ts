import type { Access } from '../access';
import type { SocketFailure } from '../server/socket-link';
import type { Refusal } from '../server/upgrade';

/** The vendor's HTTP envelope. */
export function errorBody(code: string, message: string, requestId: string): object {
  return { error: { message, code, request_id: requestId } };
}

/** The code that goes with a status. */
export function codeForStatus(status: number): string {
  switch (status) {
    case 400:
      return 'invalid_request_error';
    case 401:
    case 403:
      return 'invalid_api_key_error';
    case 404:
      return 'not_found_error';
    case 422:
      return 'unprocessable_entity_error';
    case 429:
      return 'rate_limit_exceeded_error';
    default:
      return 'internal_server_error';
  }
}

/** Why a key is refused before a socket opens (the legacy endpoint), or undefined. */
export function refusalFor(access: Access, requestId: string): Refusal | undefined {
  const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}): Refusal => ({
    status,
    body: errorBody(code, message, requestId),
    headers: { 'x-request-id': requestId, ...headers },
  });
  switch (access) {
    case 'missing':
    case 'bad':
      return refuse(403, 'invalid_api_key_error', 'Invalid or missing API subscription key.');
    case 'quota':
      return refuse(429, 'insufficient_quota_error', 'No credits left.');
    case 'rate':
      return refuse(429, 'rate_limit_exceeded_error', 'Rate limit exceeded.', { 'retry-after': '1' });
    default:
      return undefined;
  }
}

/** A fatal error of the realtime endpoint. */
export function realtimeFailure(closeCode: number, code: string, message: string, statusCode?: number): SocketFailure {
  return {
    frame: { event: 'error', code, is_fatal: true, message, ...(statusCode === undefined ? {} : { status_code: statusCode }) },
    code: closeCode,
    reason: message,
  };
}

/** Why a key is refused on an open realtime socket, or undefined. The vendor documents no `status_code` 429 there: the code tells. */
export function realtimeRefusalFor(access: Access): SocketFailure | undefined {
  switch (access) {
    case 'missing':
    case 'bad':
      return realtimeFailure(1003, 'invalid_api_key_error', 'Invalid or missing API subscription key.', 403);
    case 'quota':
      return realtimeFailure(1003, 'insufficient_quota_error', 'No credits left.');
    case 'rate':
      return realtimeFailure(1003, 'rate_limit_exceeded_error', 'Rate limit exceeded.');
    case 'beta-denied':
      return realtimeFailure(4000, 'beta_not_enabled', 'Realtime speech to text is in beta and not available to this account.', 403);
    default:
      return undefined;
  }
}

/** An error frame of the legacy endpoint. */
export function legacyErrorFrame(code: string, error: string): object {
  return { type: 'error', data: { error, code } };
}
