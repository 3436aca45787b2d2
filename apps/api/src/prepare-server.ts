import type { INestApplication } from '@nestjs/common';
import { SETTINGS, type Settings } from './config/settings';
import { HostPolicy } from './transports/websocket/host-policy';
import { RawWsAdapter } from './transports/websocket/raw-ws.adapter';
import { refuseOtherHosts } from './transports/websocket/refuse-other-hosts';

/** What lies between the network and the modules of the server; before it listens, and the same in specs. */
export function prepareServer(app: INestApplication): void {
  const { allowedOrigins } = app.get<Pick<Settings, 'allowedOrigins'>>(SETTINGS);
  const hosts = app.get(HostPolicy, { strict: false });
  app.use(refuseOtherHosts(hosts));
  app.useWebSocketAdapter(new RawWsAdapter(app, hosts));
  // A page that may connect may also read what it needs before.
  if (allowedOrigins.length > 0) {
    app.enableCors({ origin: allowedOrigins.includes('*') ? '*' : [...allowedOrigins], methods: ['GET', 'HEAD'] });
  }
}
