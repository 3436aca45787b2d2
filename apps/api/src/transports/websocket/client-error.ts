import type { Duplex } from 'node:stream';
import { answerAndClose } from './answer-and-close';

/** What the HTTP parser found wrong, by the code of its error; anything else is a bad request. */
const STATUS: Readonly<Record<string, readonly [status: number, text: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the request are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/** Listener for an HTTP server's `clientError`: a connection that carries no HTTP, or breaks. Node has taken over the socket's `error` events. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex & { bytesWritten?: number }): void {
  const isBroken = error.code === 'ECONNRESET';
  // It has been answered, and what it still sends is thrown away.
  if (socket.writableEnded && !isBroken) return;
  // Behind an earlier response, or in the midst of it, nothing can be told.
  if (!socket.writable || isBroken || socket.bytesWritten !== 0) {
    socket.destroy();
    return;
  }
  const [status, text] = STATUS[error.code ?? ''] ?? [400, 'This is no HTTP request.'];
  answerAndClose(socket, status, text);
}
