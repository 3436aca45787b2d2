import { ProviderError, type ProviderErrorCode } from '../ports/provider-error';
import { asObject, asString, parseJsonObject } from '../shared/json';
import type { SocketEnd } from '../socket/vendor-socket';
import { loggableCode } from '../shared/vendor-code';

export const SARVAM = 'sarvam';

/** An `error` message of either socket. */
export interface SarvamFault {
  status: number | undefined;
  code: string | undefined;
}

const BY_CODE: ReadonlyMap<string, ProviderErrorCode> = new Map<string, ProviderErrorCode>([
  ['invalid_api_key_error', 'auth'],
  ['insufficient_quota_error', 'quota'],
  ['rate_limit_exceeded_error', 'rate_limited'],
  ['invalid_request_error', 'invalid_request'],
  ['unprocessable_entity_error', 'invalid_request'],
  ['not_found_error', 'model_not_found'],
  ['internal_server_error', 'unavailable'],
]);

/** What a close code means if no error message came before it. A code that is not listed is a plain loss of the connection. */
const BY_CLOSE_CODE: ReadonlyMap<number, ProviderErrorCode> = new Map<number, ProviderErrorCode>([
  [1003, 'rate_limited'],
  [1011, 'unavailable'],
  [4000, 'invalid_request'],
]);

/** Returns why a socket ended, judging by its end and by the last `error` message, if there was one. */
export function sarvamSocketError(end: SocketEnd, fault: SarvamFault | undefined): ProviderError {
  switch (end.kind) {
    case 'refused':
      return sarvamRefusal(end.status, end.body, end.retryAfterMs);
    case 'timeout':
      return new ProviderError(SARVAM, 'timeout', 'sarvam did not answer the connection in time');
    case 'misbehaved':
      return new ProviderError(SARVAM, 'bad_response', 'sarvam sent something that is not its protocol');
    case 'failed':
      return new ProviderError(SARVAM, 'unavailable', 'sarvam cannot be reached', { cause: end.cause });
    case 'closed':
      if (fault) return sarvamFaultError(fault, end.code);
      return new ProviderError(SARVAM, BY_CLOSE_CODE.get(end.code) ?? 'connection_lost', `sarvam closed the connection (${end.code})`);
  }
}

/** Translates a refused upgrade. Sarvam answers an invalid API key with 403. */
function sarvamRefusal(status: number, body: string, retryAfterMs: number | undefined): ProviderError {
  const code = asString(asObject(parseJsonObject(body)?.['error'])?.['code']);
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  const message = `sarvam refused the connection (${status}${label(code)})`;
  return new ProviderError(SARVAM, byCode(code) ?? byStatus(status) ?? 'unavailable', message, options);
}

/** Translates an `error` message. If its fields do not determine the code, the close code that follows does. */
export function sarvamFaultError(fault: SarvamFault, closeCode?: number): ProviderError {
  const byClose = closeCode === undefined ? undefined : BY_CLOSE_CODE.get(closeCode);
  const code = byCode(fault.code) ?? byStatus(fault.status) ?? byClose ?? 'unavailable';
  return new ProviderError(SARVAM, code, `sarvam reported an error (${fault.status ?? 'no status'}${label(fault.code)})`);
}

function byCode(code: string | undefined): ProviderErrorCode | undefined {
  return code === undefined ? undefined : BY_CODE.get(code);
}

function byStatus(status: number | undefined): ProviderErrorCode | undefined {
  if (status === undefined) return undefined;
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'model_not_found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid_request' : undefined;
}

function label(code: string | undefined): string {
  const known = loggableCode(code, BY_CODE);
  return known === undefined ? '' : `, ${known}`;
}
