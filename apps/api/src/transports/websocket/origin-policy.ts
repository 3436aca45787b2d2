import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Settings } from '../../config/settings';

/** What proxies write for WebSockets, too. */
const SCHEMES: Readonly<Record<string, string>> = { http: 'http', https: 'https', ws: 'http', wss: 'https' };

/**
 * Whether a page of this origin may connect: the server's own page, the origins listed, or anything that is no browser (which sends no
 * `Origin`). `*` allows any. The own page has the scheme, host and port that the request was made to; the scheme that a proxy was asked by
 * counts only where the proxy is trusted to say it.
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
