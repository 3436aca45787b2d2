import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of this origin may connect: the server's own page, a page of a listed origin, or a client that is not a browser (it sends no
 * `Origin`). `*` allows any origin. The server's own page has the scheme, host and port of the request; `scheme` is how the client reached the
 * server.
 */
export function isOriginAllowed(
  request: Pick<IncomingMessage, 'headers'>,
  { allowedOrigins, scheme }: { allowedOrigins: readonly string[]; scheme: 'http' | 'https' },
): boolean {
  const { origin } = request.headers;
  if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  return isOwnOrigin(request, scheme);
}

/** Whether the request is one of the server's own page: its origin is the scheme, host and port of the request. */
export function isOwnOrigin({ headers: { origin, host } }: Pick<IncomingMessage, 'headers'>, scheme: 'http' | 'https'): boolean {
  if (origin === undefined) return false;
  const own = `${scheme}://${host ?? ''}`;
  return URL.canParse(origin) && URL.canParse(own) && new URL(origin).origin === new URL(own).origin;
}
