import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocketServer } from 'ws';

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
}
