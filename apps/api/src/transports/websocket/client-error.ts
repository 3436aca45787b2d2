import type { Duplex } from 'node:stream';
import { answerAndClose } from './answer-and-close';

/** The responses to errors of the HTTP parser by error code; any other error is answered as a bad request. */
const STATUS: Readonly<Record<string, readonly [status: number, text: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the request are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/**
 * Listener for an HTTP server's `clientError`: the connection carries no valid HTTP, or broke. Node already handles the socket's `error`
 * events.
 */
export function answerClientError(error: Error & { code?: string }, socket: Duplex & { bytesWritten?: number }): void {
  const isBroken = error.code === 'ECONNRESET';
  // The request has been answered, and the data that still arrives is being discarded.
  if (socket.writableEnded && !isBroken) return;
  // No answer is possible after an earlier response or in the middle of one.
  if (!socket.writable || isBroken || socket.bytesWritten !== 0) {
    socket.destroy();
    return;
  }
  const [status, text] = STATUS[error.code ?? ''] ?? [400, 'This is no HTTP request.'];
  answerAndClose(socket, status, text);
}
