import type { ServerMessage } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { terminateSoon } from './terminate-soon';

/**
 * Closes a socket for which nothing was made. Nothing listens to the messages that it still sends. `messages` say why first: a browser sees neither status
 * nor headers of a refused upgrade, so the reason is told on the socket.
 */
export function refuseSocket(socket: WebSocket, code: number, reason?: string, messages: readonly ServerMessage[] = []): undefined {
  for (const message of messages) socket.send(JSON.stringify(message));
  socket.close(code, reason);
  terminateSoon(socket);
}
