import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CloseCode, MAX_MESSAGE_BYTES } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { SETTINGS, type Settings } from '../../config/settings';
import { describeError } from '@parley/engine';
import { ClientConnection } from './client-connection';
import { ConnectionRegistry } from './connection-registry';
import { ENGINES, type Engines } from '../../engines/engines';
import { InputMeter } from './input/input-meter';
import { newOpusDecoder } from './input/opus-decoder';
import { OpeningQueue } from '@parley/engine';
import { isOriginAllowed } from './origin-policy';
import { terminateSoon } from './terminate-soon';

/** What is the same for the sockets of every conversation endpoint. */
export const SOCKET_OPTIONS = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  // Pings count as messages do: each connection answers its own.
  autoPong: false,
  // Fragments and pieces of a message are told of when it is complete: no client needs so many, and each takes time or memory before.
  maxFragments: 256,
  maxBufferedChunks: 4_096,
} as const;

/** Where every client comes in, whatever the endpoint: a socket that may stay becomes a `ClientConnection`. */
@Injectable()
export class SocketAdmission {
  private readonly logger = new Logger(SocketAdmission.name);

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'allowedOrigins' | 'trustProxy'>,
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(ConnectionRegistry) private readonly registry: ConnectionRegistry,
    @Inject(OpeningQueue) private readonly openings: OpeningQueue,
    @Inject(InputMeter) private readonly meter: InputMeter,
  ) {}

  /**
   * Undefined: the socket was refused and closed. Else the connection is in the registry until the socket closes. Never throws: what a gateway
   * throws ends the process.
   */
  admit(socket: WebSocket, request: IncomingMessage): ClientConnection | undefined {
    try {
      if (!isOriginAllowed(request, this.settings)) return refuse(socket, CloseCode.refused, 'origin not allowed');
      if (this.registry.draining) return refuse(socket, CloseCode.draining);
      return this.connect(socket, request);
    } catch (error) {
      this.logger.error({ message: 'a client could not be admitted', error: describeError(error) });
      return refuse(socket, CloseCode.internal);
    }
  }

  private connect(socket: WebSocket, request: IncomingMessage): ClientConnection {
    const { engines, openings, meter } = this;
    const options = { engines, openings, newOpusDecoder, meter, wire: request.socket, now: () => performance.now() };
    const connection = new ClientConnection(socket, options, (closed) => this.registry.remove(closed));
    this.registry.add(connection);
    return connection;
  }
}

/** Nobody listens to what such a socket still sends. */
function refuse(socket: WebSocket, code: number, reason?: string): undefined {
  socket.close(code, reason);
  terminateSoon(socket);
}
