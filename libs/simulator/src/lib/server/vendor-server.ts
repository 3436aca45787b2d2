import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** Handles a vendor's requests and upgrades. Neither method may throw. */
export interface VendorHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/** One vendor's port on loopback. */
export interface VendorServer {
  readonly port: number;
  /** Destroys every connection and gives the port back. Idempotent. */
  close(): Promise<void>;
}

/** Serves two parts of one vendor at one port. */
export function sharedOrigin(
  isFirst: (request: IncomingMessage) => boolean,
  first: VendorHandlers,
  second: VendorHandlers,
): VendorHandlers {
  const partFor = (request: IncomingMessage): VendorHandlers => (isFirst(request) ? first : second);
  return {
    request: (request, response) => partFor(request).request(request, response),
    upgrade: (request, socket, head) => partFor(request).upgrade(request, socket, head),
  };
}

/** Listens on 127.0.0.1; port 0 lets the system pick. Rejects when the port is taken. */
export async function startVendorServer(port: number, handlers: VendorHandlers): Promise<VendorServer> {
  const connections = new Set<Socket>();
  const server = createServer((request, response) => handlers.request(request, response));
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    // A reset by the client needs no handling; 'close' follows.
    socket.on('error', () => undefined);
  });
  server.on('upgrade', (request, socket, head) => {
    if (socket instanceof Socket) handlers.upgrade(request, socket, head);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const closeAll = async (): Promise<void> => {
    const closed = [new Promise<void>((resolve) => server.close(() => resolve()))];
    for (const connection of connections) {
      closed.push(new Promise((resolve) => connection.once('close', () => resolve())));
      connection.destroy();
    }
    await Promise.all(closed);
    // A turn of the event loop later the WebSockets have noticed too, and their sessions have let go of their timers;
    // another one later the system's handles are gone.
    await setImmediate();
    await setImmediate();
  };
  let closing: Promise<void> | undefined;
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? port) : port, close: () => (closing ??= closeAll()) };
}
