import { WS_NARRATION_PATH, WS_PATH } from '@parley/protocol';

/** Address of the conversation socket on the page's own origin: `wss` where the page came over `https`. */
export const socketUrl = (pageAddress: string): string => socketAt(WS_PATH, pageAddress);

/** Address of the narration socket, likewise. */
export const narrationSocketUrl = (pageAddress: string): string => socketAt(WS_NARRATION_PATH, pageAddress);

function socketAt(path: string, pageAddress: string): string {
  const url = new URL(path, pageAddress);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
