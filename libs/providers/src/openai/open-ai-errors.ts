import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { asNumber, asObject, asString, type JsonObject } from '../shared/json';
import { ProviderError, type ProviderErrorCode, type ProviderErrorOptions } from '../ports/provider-error';
import { retryAfterMs } from '../socket/retry-after';
import { loggableCode } from '../shared/vendor-code';

const BY_CODE: ReadonlyMap<string, ProviderErrorCode> = new Map<string, ProviderErrorCode>([
  ['invalid_api_key', 'auth'],
  ['insufficient_quota', 'quota'],
  ['credit_balance_exhausted', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['model_not_found', 'model_not_found'],
  ['model_decommissioned', 'model_not_found'],
  ['not_found_error', 'model_not_found'],
  ['NotFoundError', 'model_not_found'],
  ['invalid_request_error', 'invalid_request'],
  ['server_error', 'unavailable'],
  ['api_error', 'unavailable'],
  ['overloaded_error', 'unavailable'],
]);

/** Codes that say no more than their status, but are worth reading in a log. */
const LOGGABLE: ReadonlySet<string> = new Set([
  ...BY_CODE.keys(),
  ...[
    'context_length_exceeded',
    'unsupported_parameter',
    'unsupported_value',
    'invalid_value',
    'invalid_type',
    'missing_required_parameter',
  ],
  ...['string_above_max_length', 'tokens_exceeded', 'server_overloaded', 'BadRequestError', 'InternalServerError'],
]);

/** Causes that show that an established connection was broken. */
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Translates anything that a chat request threw. The vendor's own words are left out, because they may quote a key or the conversation. */
export function openAiError(thrown: unknown, provider: string): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (thrown instanceof APIConnectionTimeoutError) return new ProviderError(provider, 'timeout', `${provider} did not answer in time`);
  if (thrown instanceof APIConnectionError) return connectionError(thrown, provider);
  if (thrown instanceof APIError) return answeredError(thrown, provider);
  if (thrown instanceof SyntaxError) return new ProviderError(provider, 'bad_response', `${provider} sent an event that is not JSON`);
  // undici ends a body that breaks off with a plain TypeError.
  return new ProviderError(provider, 'connection_lost', `${provider} broke off the response`, { cause: thrown });
}

function connectionError(error: APIConnectionError, provider: string): ProviderError {
  const wasCut = causes(error).some(({ code }) => CUT_OFF.has(asString(code) ?? ''));
  return wasCut
    ? new ProviderError(provider, 'connection_lost', `${provider} closed the connection`, { cause: error.cause })
    : new ProviderError(provider, 'unavailable', `${provider} cannot be reached`, { cause: error.cause });
}

function causes(error: unknown): JsonObject[] {
  const chain: JsonObject[] = [];
  for (let cause = asObject(error); cause && chain.length < 5; cause = asObject(cause['cause'])) chain.push(cause);
  return chain;
}

/** Translates an error with which the vendor answered, either before the stream (with a status) or within it (without one). */
function answeredError(error: APIError, provider: string): ProviderError {
  const body: JsonObject = asObject(error.error) ?? (typeof error.error === 'string' ? { message: error.error } : {});
  const status = error.status ?? asNumber(body['code']);
  const code = byCode(body) ?? byStatus(status, body) ?? 'unavailable';
  const details = [status, loggableCode(asString(body['code']) ?? asString(body['type']), LOGGABLE)]
    .filter((part) => part !== undefined)
    .join(', ');
  return new ProviderError(
    provider,
    code,
    `${provider} answered with an error${details === '' ? '' : ` (${details})`}`,
    retryOptions(error, code),
  );
}

function byCode(body: JsonObject): ProviderErrorCode | undefined {
  // `code` is the more precise description; `type` is a class that many codes share.
  for (const field of [body['code'], body['type']]) {
    const known = BY_CODE.get(asString(field) ?? '');
    if (known) return known;
  }
  return undefined;
}

function byStatus(status: number | undefined, body: JsonObject): ProviderErrorCode | undefined {
  if (status === undefined) return undefined;
  if (status === 401 || status === 403) return 'auth';
  // A 404 without an error body is a wrong address, not a missing model.
  if (status === 404) return 'message' in body ? 'model_not_found' : 'invalid_request';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  if (status === 409 || status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid_request' : undefined;
}

function retryOptions(error: APIError, code: ProviderErrorCode): ProviderErrorOptions {
  const header = (name: string) => error.headers?.get(name);
  const waitMs = retryAfterMs(header);
  return {
    ...(waitMs === undefined || code === 'quota' ? {} : { retryAfterMs: waitMs }),
    ...(header('x-should-retry') === 'false' ? { retryable: false } : {}),
  };
}
