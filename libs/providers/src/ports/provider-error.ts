/**
 * What went wrong at a vendor, in the terms in which the product decides. Adapters translate the failures of their vendor; no other part of
 * the product sees a status, an error body or a close code of a vendor.
 *
 * - `auth`: the API key is missing or was refused. Not retried.
 * - `quota`: the account is used up. Not retried.
 * - `rate_limited`: there are too many requests or connections at the moment.
 * - `invalid_request`: the vendor refused what we sent. The configuration or our code is wrong.
 * - `model_not_found`: the model or the voice does not exist, or no longer exists.
 * - `unavailable`: the vendor answers with an error of its own, or not at all.
 * - `timeout`: our own watchdog expired, because there was no first result or the stream stalled.
 * - `connection_lost`: the connection ended before the result was complete.
 * - `bad_response`: the vendor sent something that does not follow its protocol.
 */
export type ProviderErrorCode =
  | 'auth'
  | 'quota'
  | 'rate_limited'
  | 'invalid_request'
  | 'model_not_found'
  | 'unavailable'
  | 'timeout'
  | 'connection_lost'
  | 'bad_response';

const RETRYABLE: ReadonlySet<ProviderErrorCode> = new Set(['rate_limited', 'unavailable', 'timeout', 'connection_lost', 'bad_response']);

/** Whether a retry may help after a failure of this kind, unless the answer of the vendor says otherwise. */
export const isRetryableCode = (code: ProviderErrorCode): boolean => RETRYABLE.has(code);

export interface ProviderErrorOptions {
  cause?: unknown;
  /** Set if the answer of the vendor differs from the default of the code. */
  retryable?: boolean;
  /** The time in milliseconds that the vendor asked us to wait. */
  retryAfterMs?: number;
}

/**
 * The only error that adapters throw. `message` is for logs: it names the vendor, and never contains a key or anything that a user said.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    /** The name of the vendor, as in `ProviderInfo.name`. */
    readonly provider: string,
    readonly code: ProviderErrorCode,
    message: string,
    options: ProviderErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryable = options.retryable ?? isRetryableCode(code);
    this.retryAfterMs = options.retryAfterMs;
  }
}
