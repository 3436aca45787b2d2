import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { answerAndClose } from './answer-and-close';
import type { HostPolicy } from './host-policy';
import { parseTarget } from './request-target';

export interface UpgradeListenerOptions {
  hosts: Pick<HostPolicy, 'judge'>;
  /** The WebSocket server of an endpoint; undefined when there is none. */
  serverAt: (path: string) => WebSocketServer | undefined;
  /** Called after an unexpected failure that no request should be able to cause. The socket has been destroyed. */
  onFailure: (error: unknown) => void;
}

/**
 * Listener for an HTTP server's `upgrade`. Node passes the socket on without a listener for its errors, so a single reset would end the
 * process. Our listener is attached first and stays. Nothing in a request makes it throw, and each refusal is a complete response.
 */
export function upgradeListener({ hosts, serverAt, onFailure }: UpgradeListenerOptions) {
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
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
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
