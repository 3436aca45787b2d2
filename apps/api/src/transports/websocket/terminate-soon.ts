import type { ClientSocket } from './client-socket';

/** How long a client gets to receive the close frame and to answer it. */
const GRACE_MS = 1_000;

/** Ends a socket whose close frame was sent to an unreliable client, even if the client does not answer the close frame. */
export function terminateSoon(socket: Pick<ClientSocket, 'once' | 'terminate'>): void {
  const timer = setTimeout(() => socket.terminate(), GRACE_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
