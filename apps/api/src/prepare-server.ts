import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Settings, SETTINGS } from '@parley/server';
import { ApiErrorFilter } from './transports/http/api-error';
import { UpgradeTokens } from './transports/session-tokens/upgrade-tokens';
import { HostPolicy } from './transports/websocket/host-policy';
import { RawWsAdapter } from './transports/websocket/raw-ws.adapter';
import { refuseOtherHosts } from './transports/websocket/refuse-other-hosts';

/** A script of the greatest length, however its characters are written. */
const MAX_BODY_BYTES = 1_000_000;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Applies the host and origin policies and the WebSocket adapter to the server. Must be called before the server listens; tests call it as
 * well.
 */
export function prepareServer(app: INestApplication): void {
  const { allowedOrigins } = app.get<Pick<Settings, 'allowedOrigins'>>(SETTINGS);
  const hosts = app.get(HostPolicy, { strict: false });
  app.use(refuseOtherHosts(hosts));
  app.useWebSocketAdapter(new RawWsAdapter(app, hosts, app.get(UpgradeTokens, { strict: false })));
  // A page of an allowed origin needs /api/config before it connects, and may make episodes.
  if (allowedOrigins.length > 0) {
    app.enableCors({ origin: allowedOrigins.includes('*') ? '*' : [...allowedOrigins], methods: METHODS });
  }
  (app as NestExpressApplication).useBodyParser('json', { limit: MAX_BODY_BYTES });
  // The signature of the media server's webhooks is over the bytes of the body.
  (app as NestExpressApplication).useBodyParser('raw', { limit: MAX_BODY_BYTES, type: 'application/webhook+json' });
  app.useGlobalFilters(new ApiErrorFilter());
}
