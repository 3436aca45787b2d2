import { CloseCode, type ErrorMessage } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { terminateSoon } from '../websocket/terminate-soon';

const NOT_AUTHORIZED: ErrorMessage = {
  type: 'error',
  code: 'not_authorized',
  message: 'This connection needs a session token that is valid and was not used before.',
  fatal: true,
};

/** Tells a client that is connected why it is not let in, and closes. Nothing is made for it, and nothing listens to what it still sends. */
export function refuseInBand(socket: WebSocket): void {
  socket.on('error', () => socket.terminate());
  socket.send(JSON.stringify(NOT_AUTHORIZED));
  socket.close(CloseCode.refused, 'not authorized');
  terminateSoon(socket);
}
