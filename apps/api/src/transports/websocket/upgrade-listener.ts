import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { refuseWithoutToken } from '../session-tokens/refuse-without-token';
import type { UpgradeTokens } from '../session-tokens/upgrade-tokens';
import { answerAndClose } from './answer-and-close';
import type { HostPolicy } from './host-policy';
import { parseTarget } from './request-target';

export interface UpgradeListenerOptions {
  hosts: Pick<HostPolicy, 'judge'>;
  tokens: Pick<UpgradeTokens, 'check'>;
  /** The WebSocket server of an endpoint; undefined when there is none. */
  serverAt: (path: string) => WebSocketServer | undefined;
  /** Called after an unexpected failure that no request should be able to cause. The socket has been destroyed. */
  onFailure: (error: unknown) => void;
}

/**
 * Listener for an HTTP server's `upgrade`. Node passes the socket on without a listener for its errors, so a single reset would end the
 * process. Our listener is attached first and stays. Nothing in a request makes it throw, and each refusal is a complete response.
 *
 * The session token is checked before the upgrade. A browser tells a page neither the status nor the body of a refused upgrade, so that the page could only
 * guess, and try again in vain. Therefore what sends an `Origin`, as browsers always do, is connected, gets the error `not_authorized` and is closed with
 * 1008, and nothing is made for it. Every other client is answered with 401.
 */
export function upgradeListener({ hosts, tokens, serverAt, onFailure }: UpgradeListenerOptions) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    try {
      const verdict = hosts.judge(request);
      if (verdict === 'malformed') return answerAndClose(socket, 400, 'The request names no valid host.');
      if (verdict === 'refused') return answerAndClose(socket, 403, 'This server does not answer to that host name.');
      const target = parseTarget(request.url);
      if (target === undefined) return answerAndClose(socket, 400, 'The target of the request is no path.');
      const server = serverAt(target.path);
      if (server === undefined) return answerAndClose(socket, 404, 'There are no WebSockets at this path.');
      const accept = (): void => server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
      const checked = tokens.check(request.url ?? '', target.path);
      if (checked === undefined) return accept();
      const decide = (isAccepted: boolean): void => {
        if (isAccepted) accept();
        else if (request.headers.origin !== undefined) server.handleUpgrade(request, socket, head, refuseWithoutToken);
        else answerAndClose(socket, 401, 'The request needs a session token in its query.', { 'WWW-Authenticate': 'Bearer' });
      };
      checked.then(decide).catch((error: unknown) => {
        socket.destroy();
        onFailure(error);
      });
    } catch (error) {
      socket.destroy();
      onFailure(error);
    }
  };
}

/** Listener for a WebSocket server's `wsClientError`: the upgrade does not conform to the WebSocket standard. */
export function answerBadHandshake(_error: Error, socket: Duplex): void {
  answerAndClose(socket, 400, 'This is no WebSocket handshake of version 13.', { 'Sec-WebSocket-Version': '13' });
}
