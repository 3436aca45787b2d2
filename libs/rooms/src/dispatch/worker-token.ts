import { AccessToken } from 'livekit-server-sdk';

/** It is only needed to connect. Some minutes are left for clocks that differ. */
const TTL = '10m';

/** Lets its holder register as a worker, and nothing else. A secret. */
export function workerToken(apiKey: string, apiSecret: string): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { ttl: TTL });
  token.addGrant({ agent: true });
  return token.toJwt();
}

/** Where workers register at the media server of this address, which may be given with `http` as well as with `ws`. */
export function workerUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  url.pathname = `${url.pathname.replace(/\/$/, '')}/agent`;
  url.search = '?protocol=1';
  return url.href;
}
