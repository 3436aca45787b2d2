import type { Access } from '../access';

/** An answer that is an error. */
export interface ErrorAnswer {
  status: number;
  body: object;
  headers?: Readonly<Record<string, string>>;
}

/** The vendor's envelope. */
export function errorBody(message: string, type: string, code: string | null, param: string | null = null): object {
  return { error: { message, type, param, code } };
}

/** A request that the vendor refuses. */
export function badRequest(message: string, code: string | null, param: string | null): ErrorAnswer {
  return { status: 400, body: errorBody(message, 'invalid_request_error', code, param) };
}

export function modelNotFound(id: string): ErrorAnswer {
  return {
    status: 404,
    body: errorBody(`The model \`${id}\` does not exist or you do not have access to it.`, 'invalid_request_error', 'model_not_found'),
  };
}

/** Why a key is refused, or undefined. */
export function refusalFor(access: Access): ErrorAnswer | undefined {
  switch (access) {
    case 'missing':
      return { status: 401, body: errorBody("You didn't provide an API key.", 'invalid_request_error', 'invalid_api_key') };
    case 'bad':
      return { status: 401, body: errorBody('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key') };
    case 'quota':
      return {
        status: 429,
        body: errorBody('You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
        headers: { 'x-should-retry': 'false' },
      };
    case 'rate':
      return rateLimited(1000);
    default:
      return undefined;
  }
}

/** Too many requests; try again after this long. */
export function rateLimited(retryAfterMs: number): ErrorAnswer {
  return {
    status: 429,
    body: errorBody('Rate limit reached for requests.', 'requests', 'rate_limit_exceeded'),
    headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)), 'retry-after-ms': String(Math.ceil(retryAfterMs)) },
  };
}

/** The vendor's body for a status that has no specific cause here. */
export function bodyForStatus(status: number): object {
  if (status === 401) return errorBody('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key');
  if (status === 403)
    return errorBody('Country, region, or territory not supported.', 'request_forbidden', 'unsupported_country_region_territory');
  if (status === 404) return errorBody('Invalid URL.', 'invalid_request_error', null);
  if (status === 429) return errorBody('Rate limit reached for requests.', 'requests', 'rate_limit_exceeded');
  if (status === 503) return errorBody('The engine is currently overloaded, please try again later.', 'server_error', 'overloaded');
  if (status >= 500) return errorBody('The server had an error while processing your request.', 'server_error', null);
  return errorBody('Bad request.', 'invalid_request_error', null);
}
