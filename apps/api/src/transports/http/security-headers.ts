import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { Settings } from '@parley/server';

/** What the page may use of the browser, and pages in its frames may not. */
const PERMISSIONS = 'microphone=(self), camera=(self), display-capture=(self), autoplay=(self), geolocation=(), payment=(), usb=()';

/** Where a page connects to for rooms: LiveKit's client uses the same host by WebSocket and by HTTP. */
function mediaServer(publicUrl: string | undefined): string[] {
  if (publicUrl === undefined || !URL.canParse(publicUrl)) return [];
  const { host, hostname } = new URL(publicUrl);
  // LiveKit Cloud tells its clients the host of the nearest region.
  const hosts = hostname.endsWith('.livekit.cloud') ? ['*.livekit.cloud'] : [host];
  return hosts.flatMap((name) =>
    /^wss:|^https:/i.test(publicUrl) ? [`wss://${name}`, `https://${name}`] : [`ws://${name}`, `http://${name}`],
  );
}

/**
 * Middleware that sets the headers with which browsers protect the page. The policy allows only what the page does: its own scripts, and copies of its own
 * audio worklets (`blob:`); its own server, and the media server of rooms; styles that Angular and the editor add to the document while it runs, for which
 * there is no other way without a nonce for each answer. No inline script and no `eval`.
 *
 * Nothing here turns http into https, because a server may be used without TLS in a local network: what ends TLS sets `Strict-Transport-Security`.
 */
export function securityHeaders({ rooms }: Pick<Settings, 'rooms'>) {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", 'blob:'],
        scriptSrcAttr: ["'none'"],
        workerSrc: ["'self'", 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", ...mediaServer(rooms?.publicUrl)],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Podcast apps on the web, and pages of allowed origins, play the files of episodes.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: false,
  });
  return (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void => {
    response.setHeader('Permissions-Policy', PERMISSIONS);
    protect(request, response, next);
  };
}
