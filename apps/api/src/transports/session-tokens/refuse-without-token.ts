import { CloseCode, type ErrorMessage } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { refuseSocket } from '../websocket/refuse-socket';

const NOT_AUTHORIZED: ErrorMessage = {
  type: 'error',
  code: 'not_authorized',
  message: 'This connection needs a session token that is valid and was not used before.',
  fatal: true,
};

/** Tells a client that is connected why it is not let in, and closes. Nothing else listens to the errors of its socket. */
export function refuseWithoutToken(socket: WebSocket): void {
  socket.on('error', () => socket.terminate());
  refuseSocket(socket, CloseCode.refused, 'not authorized', [NOT_AUTHORIZED]);
}
