import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Settings } from '@parley/server';

/** The scheme of the page's origin by the value of `X-Forwarded-Proto`, for which some proxies write the WebSocket scheme. */
const SCHEMES: Readonly<Record<string, string>> = { http: 'http', https: 'https', ws: 'http', wss: 'https' };

/**
 * Whether a page of this origin may connect: the server's own page, a page of a listed origin, or a client that is not a browser (it sends no
 * `Origin`). `*` allows any origin. The server's own page has the scheme, host and port of the request. The scheme that a proxy reports
 * counts only when the proxy is trusted.
 */
export function isOriginAllowed(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  { allowedOrigins, trustProxy }: Pick<Settings, 'allowedOrigins' | 'trustProxy'>,
): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  const own = `${schemeOf(request, trustProxy)}://${host ?? ''}`;
  return URL.canParse(origin) && URL.canParse(own) && new URL(origin).origin === new URL(own).origin;
}

function schemeOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>, trustProxy: boolean): string {
  const forwarded = trustProxy ? String(headers['x-forwarded-proto'] ?? '').split(',', 1)[0] : '';
  return SCHEMES[forwarded.trim().toLowerCase()] ?? (socket instanceof TLSSocket ? 'https' : 'http');
}
