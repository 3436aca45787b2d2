/**
 * What went wrong at a vendor, in the terms the product decides by. Adapters translate at their border;
 * nothing above them sees a vendor's status, body or close code.
 *
 * - `auth`: the key is missing or refused. `quota`: the account is used up. Neither is retried.
 * - `rate_limited`: too many requests or connections at this moment.
 * - `invalid_request`: the vendor refused what we sent: a fault in configuration or in us.
 * - `model_not_found`: the model (or voice) does not exist (any more).
 * - `unavailable`: the vendor answers with an error of its own, or not at all.
 * - `timeout`: our own watchdog fired: no first result, or a stalled stream.
 * - `connection_lost`: the connection ended before the result was whole.
 * - `bad_response`: the vendor sent something that is not its protocol.
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

/** Whether another try may mend a failure of that kind, unless the vendor's answer says otherwise. */
export const isRetryableCode = (code: ProviderErrorCode): boolean => RETRYABLE.has(code);

export interface ProviderErrorOptions {
  cause?: unknown;
  /** Set where the vendor's answer says otherwise than the code's default. */
  retryable?: boolean;
  /** The vendor asked to wait this long. */
  retryAfterMs?: number;
}

/** The one error that adapters throw. `message` is for logs: it names the vendor and never holds a key or what a user said. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    /** The vendor, as `ProviderInfo.name` has it. */
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
