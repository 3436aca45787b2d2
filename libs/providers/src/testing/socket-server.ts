import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { AsyncQueue } from '../shared/async-queue';

export type ReceivedMessage = Record<string, unknown>;

/** The vendor's end of one socket. */
export interface ServerConnection {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly socket: WebSocket;
  /** All messages that were received so far. */
  readonly received: readonly ReceivedMessage[];
  send(message: object): void;
  /** Resolves to the next message that `matches` (or any message if that is left out) and that no earlier call has taken. */
  next(matches?: (message: ReceivedMessage) => boolean): Promise<ReceivedMessage>;
  /** Resolves to the close code when the socket has ended. */
  readonly closed: Promise<number>;
}

export interface SocketServer {
  /** The address of the server with the scheme http. */
  readonly origin: string;
  readonly connections: readonly ServerConnection[];
  /** Resolves to the next connection that no earlier call has taken. */
  accept(): Promise<ServerConnection>;
  close(): Promise<void>;
}

export interface UpgradeRefusal {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export interface SocketServerOptions {
  /** Returns the refusal for an upgrade request, given its number from 0, or undefined to accept it. `stall` never answers. */
  refuse?: (upgrade: number) => UpgradeRefusal | 'stall' | undefined;
}

/** Starts a WebSocket server on the loopback address for specs of adapters. The spec closes the server. */
export async function startSocketServer(options: SocketServerOptions = {}): Promise<SocketServer> {
  const connections: ServerConnection[] = [];
  const arrivals = new AsyncQueue<ServerConnection>();
  const arrival = arrivals[Symbol.asyncIterator]();
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((_request, response) => void response.writeHead(404).end());
  const raw = new Set<Socket>();
  let upgrades = 0;
  server.on('connection', (socket) => raw.add(socket.once('close', () => raw.delete(socket))));
  server.on('upgrade', (request, socket, head) => {
    const refusal = options.refuse?.(upgrades++);
    if (refusal === 'stall') return;
    if (refusal) {
      const headers = { ...refusal.headers, 'Content-Length': String(Buffer.byteLength(refusal.body)), Connection: 'close' };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${refusal.status} Refused\r\n${lines.join('')}\r\n${refusal.body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = createConnection(webSocket, new URL(request.url ?? '/', 'http://localhost'), request.headers);
      connections.push(connection);
      arrivals.push(connection);
    });
  });
  const origin = await listen(server);
  return {
    origin,
    connections,
    accept: async () => {
      const { value } = await arrival.next();
      if (!value) throw new Error('the server is closed');
      return value;
    },
    close: async () => {
      arrivals.end();
      for (const socket of raw) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createConnection(socket: WebSocket, url: URL, headers: IncomingHttpHeaders): ServerConnection {
  const received: ReceivedMessage[] = [];
  const untaken: ReceivedMessage[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString()) as ReceivedMessage;
    received.push(message);
    untaken.push(message);
    wake();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return {
    url,
    headers,
    socket,
    received,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    next: async (matches = () => true) => {
      for (;;) {
        const index = untaken.findIndex(matches);
        const [message] = index < 0 ? [] : untaken.splice(0, index + 1).slice(-1);
        if (message) return message;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
