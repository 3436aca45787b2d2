import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** What a refused upgrade is answered with. */
export interface Refusal {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Answers an upgrade with an HTTP response and ends the connection. */
export function refuseUpgrade(socket: Socket, { status, body, headers }: Refusal): void {
  const bytes = Buffer.from(JSON.stringify(body));
  const lines = Object.entries({
    connection: 'close',
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`), bytes]));
}
