import type { INestApplication } from '@nestjs/common';
import { SETTINGS, type Settings } from './config/settings';
import { HostPolicy } from './transports/websocket/host-policy';
import { RawWsAdapter } from './transports/websocket/raw-ws.adapter';
import { refuseOtherHosts } from './transports/websocket/refuse-other-hosts';

/**
 * Applies the host and origin policies and the WebSocket adapter to the server. Must be called before the server listens; tests call it as
 * well.
 */
export function prepareServer(app: INestApplication): void {
  const { allowedOrigins } = app.get<Pick<Settings, 'allowedOrigins'>>(SETTINGS);
  const hosts = app.get(HostPolicy, { strict: false });
  app.use(refuseOtherHosts(hosts));
  app.useWebSocketAdapter(new RawWsAdapter(app, hosts));
  // A page of an allowed origin needs /api/config before it connects, so it may read that as well.
  if (allowedOrigins.length > 0) {
    app.enableCors({ origin: allowedOrigins.includes('*') ? '*' : [...allowedOrigins], methods: ['GET', 'HEAD'] });
  }
}
