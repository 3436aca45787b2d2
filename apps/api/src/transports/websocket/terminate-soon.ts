import type { ClientSocket } from './client-socket';

/** How long a client gets to take the close frame, and to answer it. */
const GRACE_MS = 1_000;

/** For a socket that has been closed on a client that cannot be relied on: ends it, although the client may not answer the close. */
export function terminateSoon(socket: Pick<ClientSocket, 'once' | 'terminate'>): void {
  const timer = setTimeout(() => socket.terminate(), GRACE_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
