import { WS_PATH } from '@parley/protocol';

/** Address of the conversation socket on the page's own origin: `wss` where the page came over `https`. */
export function socketUrl(pageAddress: string): string {
  const url = new URL(WS_PATH, pageAddress);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
