import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  /** Resolves to true when the whole answer was sent, or to false if the client disconnected before. */
  readonly ended: Promise<boolean>;
}

export interface HttpServer {
  /** The address of the server with the scheme http, without a trailing slash. */
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  /** Number of connections since the start. */
  readonly connections: number;
  close(): Promise<void>;
}

/**
 * Starts an HTTP server on the loopback address for specs of adapters. `answer` is called for every request with its body. Upgrades are
 * refused with status 503. The spec closes the server.
 */
export async function startHttpServer(answer: (request: ReceivedRequest, response: ServerResponse) => void): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((incoming, response) => {
    const ended = new Promise<boolean>((resolve) => response.once('close', () => resolve(response.writableFinished)));
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk) => (text += String(chunk)));
    incoming.on('end', () => {
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      const request = {
        method: incoming.method ?? '',
        url: new URL(incoming.url ?? '/', 'http://localhost'),
        headers: incoming.headers,
        body,
        ended,
      };
      requests.push(request);
      answer(request, response);
    });
  });
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 503 Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'));
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket.once('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TRICKLE_EVERY_MS = 20;

/** Sends `start`, and then `piece` every 20 ms until the client disconnects. */
export function trickle(response: ServerResponse, start: string, piece = ' '): void {
  response.write(start);
  const timer = setInterval(() => response.write(piece), TRICKLE_EVERY_MS);
  response.once('close', () => clearInterval(timer));
}
