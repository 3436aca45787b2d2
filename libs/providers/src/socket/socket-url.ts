export type QueryParams = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Returns the WebSocket address of `path` at `origin` (http, https, ws or wss; a path prefix is kept). Undefined parameters are left out.
 */
export function socketUrl(origin: string, path: string, params: QueryParams): string {
  return address(swapScheme(origin, 'ws'), path, params);
}

/** Returns the HTTP address of `path` at `origin`, like `socketUrl`. */
export function httpUrl(origin: string, path: string, params: QueryParams): string {
  return address(httpOrigin(origin), path, params);
}

/** Returns the same origin for HTTP requests, without a trailing slash. */
export function httpOrigin(origin: string): string {
  return swapScheme(origin, 'http').replace(/\/+$/, '');
}

function swapScheme(origin: string, scheme: 'ws' | 'http'): string {
  return origin.replace(/^(?:http|ws)(s?):\/\//i, (_match, secure: string) => `${scheme}${secure}://`);
}

function address(origin: string, path: string, params: QueryParams): string {
  const url = new URL(origin.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}
