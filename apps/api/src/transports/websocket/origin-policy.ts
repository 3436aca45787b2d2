import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of this origin may connect: the server's own page, the origins listed, or anything that is no browser (which sends no
 * `Origin`). `*` allows any.
 */
export function isOriginAllowed(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
