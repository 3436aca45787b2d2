import type { ClientSocket } from './client-socket';

/** A client with more unread bytes than this has vanished or is hostile: its speech was cut long before. */
const MAX_UNREAD_BYTES = 2 * 1024 * 1024;

/** Whether the client can be sent more. A client that reads too slowly is disconnected, after `onSlow`. */
export function canSend(socket: Pick<ClientSocket, 'readyState' | 'OPEN' | 'bufferedAmount' | 'terminate'>, onSlow: () => void): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  if (socket.bufferedAmount <= MAX_UNREAD_BYTES) return true;
  onSlow();
  socket.terminate();
  return false;
}
