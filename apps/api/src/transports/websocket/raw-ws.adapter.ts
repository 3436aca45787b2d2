import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocketServer } from 'ws';

const ANY_ORIGIN = 'ws://localhost';
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Leaves a socket's messages to the gateway, which binds its own listeners. The stock adapter parses every frame as JSON, binary ones too,
 * and throws for each: twice the CPU per frame.
 */
export class RawWsAdapter extends WsAdapter {
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- nothing to bind is the point
  override bindMessageHandlers(): void {}

  /**
   * A client that breaks the WebSocket protocol is no fault of ours: a line without a stack. The listener is there before the gateway's, so
   * that a socket which is refused cannot end the process.
   */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    server.on('connection', (socket) =>
      socket.on('error', (error: Error & { code?: string }) => {
        this.logger.warn({ message: 'a client’s socket failed', code: error.code ?? error.name });
      }),
    );
    server.on('error', (error) => this.logger.error(error));
    return server;
  }

  /** A client at an address without sockets is told so: the stock adapter, which comes after this, only hangs up. */
  protected override ensureHttpServerExists(port: number, httpServer?: Server): Server | undefined {
    const server = super.ensureHttpServerExists(port, httpServer);
    server?.prependListener('upgrade', ({ url = '' }: IncomingMessage, socket: Duplex) => {
      const path = URL.canParse(url, ANY_ORIGIN) ? new URL(url, ANY_ORIGIN).pathname : undefined;
      const isKnown = this.wsServersRegistry.get(port)?.some((known: { path: string }) => known.path === path);
      if (path !== undefined && !isKnown) socket.write(NOT_FOUND);
    });
    return server;
  }
}
