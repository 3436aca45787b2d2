import type { Access } from '../access';
import type { SocketFailure } from '../server/socket-link';
import type { ConcurrencyCode } from './generation-counter';

/** An HTTP error: its status and body. */
export interface ErrorAnswer {
  status: number;
  body: object;
}

/** The vendor's usual envelope. */
export function detail(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { detail: { status: code, message } } };
}

/** The vendor's other envelope, for bodies that do not fit the schema. */
export function validationError(field: string, message: string, type: string): ErrorAnswer {
  return { status: 422, body: { detail: [{ loc: ['body', field], msg: message, type }] } };
}

/** Why a key is refused over HTTP, or undefined. A used-up quota is a 401 here. */
export function refusalFor(access: Access): ErrorAnswer | undefined {
  switch (access) {
    case 'missing':
    case 'bad':
      return detail(401, 'invalid_api_key', 'Invalid API key');
    case 'quota':
      return detail(401, 'quota_exceeded', 'This request exceeds your quota.');
    case 'rate':
      return detail(429, 'too_many_concurrent_requests', 'Too many concurrent requests.');
    default:
      return undefined;
  }
}

/** One request too many. In the newer spelling the envelope is the newer one too. */
export function tooManyRequests(code: ConcurrencyCode): ErrorAnswer {
  const message = 'Too many concurrent requests.';
  if (code === 'too_many_concurrent_requests') return detail(429, code, message);
  return { status: 429, body: { detail: { type: 'rate_limit_error', code, message } } };
}

/** The vendor's body for a status that has no specific cause here. */
export function bodyForStatus(status: number): object {
  if (status === 401 || status === 403) return detail(status, 'invalid_api_key', 'Invalid API key').body;
  if (status === 404) return { detail: 'Not Found' };
  if (status === 429) return detail(status, 'system_busy', 'The system is experiencing heavy traffic, please try again.').body;
  return detail(status, 'internal_server_error', 'An error occurred.').body;
}

/** The quota is used up, on a socket. */
export function quotaFailure(): SocketFailure {
  return socketFailure('quota_exceeded', 'This request exceeds your quota.');
}

/** An error frame of the sockets and the close that follows, which has the same code. `param`: the field that is wrong; only the dialogue sockets name it. */
export function socketFailure(error: string, message: string, code = 1008, param?: string): SocketFailure {
  return { frame: { message, error, code, ...(param === undefined ? {} : { param }) }, code, reason: message };
}
