import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** How long a client may take to read the answer and to close the connection. */
const LINGER_MS = 1_000;

/**
 * Answers a request on a raw socket with a complete plain-text response, and ends the connection. Data that still arrives is discarded for a
 * moment: closing a socket with unread bytes would reset it, and the client might never see the answer. Does nothing on a socket that has
 * already been answered. The caller must already listen for the socket's `error` events.
 */
export function answerAndClose(socket: Duplex, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  if (socket.destroyed || socket.writableEnded) return;
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
  socket.resume();
}
