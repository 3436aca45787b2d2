import { asNumber, asObject, asString, parseJsonObject } from '../shared/json';
import { ProviderError, type ProviderErrorCode, type ProviderErrorOptions } from '../ports/provider-error';
import { retryAfterMs } from '../socket/retry-after';
import type { SocketEnd } from '../socket/vendor-socket';
import { loggableCode } from '../shared/vendor-code';
import { UNREACHABLE_STATUS } from './settling-fetch';

export const ELEVEN_LABS = 'elevenlabs';

const BY_CODE: ReadonlyMap<string, ProviderErrorCode> = new Map<string, ProviderErrorCode>([
  ['invalid_api_key', 'auth'],
  ['missing_api_key', 'auth'],
  ['authentication_required', 'auth'],
  ['needs_authorization', 'auth'],
  ['missing_permissions', 'auth'],
  ['quota_exceeded', 'quota'],
  ['too_many_concurrent_requests', 'rate_limited'],
  ['concurrent_limit_exceeded', 'rate_limited'],
  ['max_active_conversations', 'rate_limited'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['system_busy', 'rate_limited'],
  ['voice_not_found', 'model_not_found'],
  ['model_not_found', 'model_not_found'],
  ['input_timeout_exceeded', 'timeout'],
  ['max_character_limit_exceeded', 'invalid_request'],
  ['invalid_input_message', 'invalid_request'],
  ['invalid_generation_config', 'invalid_request'],
  ['only_for_creator+', 'invalid_request'],
]);

/**
 * What a close code means if no error message came before it. A code that is not listed is a plain loss of the connection. The vendor
 * closes with 1009 if the voice does not fit the model.
 */
const BY_CLOSE_CODE: ReadonlyMap<number, ProviderErrorCode> = new Map<number, ProviderErrorCode>([
  [1008, 'invalid_request'],
  [1009, 'invalid_request'],
  [1011, 'unavailable'],
]);

/** Returns why a socket ended. */
export function elevenLabsSocketError(end: SocketEnd): ProviderError {
  switch (end.kind) {
    case 'refused':
      return answered(end.status, detailCode(parseJsonObject(end.body)), end.retryAfterMs);
    case 'timeout':
      return new ProviderError(ELEVEN_LABS, 'timeout', 'elevenlabs did not answer the connection in time');
    case 'misbehaved':
      return new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs sent something that is not its protocol');
    case 'failed':
      return new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs cannot be reached', { cause: end.cause });
    case 'closed':
      return new ProviderError(
        ELEVEN_LABS,
        BY_CLOSE_CODE.get(end.code) ?? 'connection_lost',
        `elevenlabs closed the connection (${end.code})`,
      );
  }
}

/** Translates an error message of a socket. */
export function elevenLabsFrameError(error: string | undefined, closeCode: number | undefined): ProviderError {
  const code = byCode(error) ?? BY_CLOSE_CODE.get(closeCode ?? 0) ?? 'unavailable';
  return new ProviderError(ELEVEN_LABS, code, `elevenlabs reported an error (${loggableCode(error, BY_CODE) ?? closeCode ?? 'no code'})`);
}

/** Translates anything that an HTTP request threw. */
export function elevenLabsHttpError(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  const error = asObject(thrown);
  // The SDK wraps the error that ended a body.
  if (error?.['cause'] instanceof ProviderError) return error['cause'];
  const status = asNumber(error?.['statusCode']);
  if (status === UNREACHABLE_STATUS) return new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs cannot be reached');
  if (status !== undefined) return answered(status, detailCode(error?.['body']), retryAfterMs(headerOf(error?.['rawResponse'])));
  const name = asString(error?.['name']);
  if (name === 'ElevenLabsTimeoutError' || error?.['message'] === 'timeout') {
    return new ProviderError(ELEVEN_LABS, 'timeout', 'elevenlabs did not answer in time');
  }
  // undici ends a body that breaks off with a plain TypeError. Errors before the headers are wrapped by the SDK.
  return name === 'TypeError'
    ? new ProviderError(ELEVEN_LABS, 'connection_lost', 'elevenlabs broke off the response', { cause: thrown })
    : new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs cannot be reached', { cause: error?.['cause'] ?? thrown });
}

/** Returns the same failure as not retryable. After audio has been heard, repeating the call would repeat that audio. */
export function afterAudio(error: ProviderError): ProviderError {
  return new ProviderError(error.provider, error.code, error.message, { cause: error.cause ?? error, retryable: false });
}

function answered(status: number, vendorCode: string | undefined, waitMs: number | undefined): ProviderError {
  const code = byCode(vendorCode) ?? byStatus(status);
  const options: ProviderErrorOptions = waitMs === undefined || code === 'quota' ? {} : { retryAfterMs: waitMs };
  const details = [status, loggableCode(vendorCode, BY_CODE)].filter((part) => part !== undefined).join(', ');
  return new ProviderError(ELEVEN_LABS, code, `elevenlabs answered with an error (${details})`, options);
}

/** Returns the vendor's code in an error body: `detail.status`, or in newer answers `detail.code`. */
function detailCode(body: unknown): string | undefined {
  const detail = asObject(asObject(body)?.['detail']);
  return asString(detail?.['status']) ?? asString(detail?.['code']);
}

function byCode(code: string | undefined): ProviderErrorCode | undefined {
  return code === undefined ? undefined : BY_CODE.get(code);
}

function byStatus(status: number): ProviderErrorCode {
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'model_not_found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  return status >= 400 && status < 500 ? 'invalid_request' : 'unavailable';
}

function headerOf(rawResponse: unknown): (name: string) => string | null {
  const headers = asObject(rawResponse)?.['headers'];
  return (name) => (headers instanceof Headers ? headers.get(name) : null);
}
