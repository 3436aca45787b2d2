import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CloseCode, MAX_MESSAGE_BYTES } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { type Engines, ENGINES, type Settings, SETTINGS } from '@parley/server';
import { describeError } from '@parley/engine';
import { ClientAddress } from '../client-address/client-address';
import { ClientConnection } from './client-connection';
import { ConnectionRegistry, type RegisteredConnection } from './connection-registry';
import { InputMeter } from './input/input-meter';
import { newOpusDecoder } from './input/opus-decoder';
import { OpeningQueue } from '@parley/engine';
import { isOriginAllowed } from './origin-policy';
import { terminateSoon } from './terminate-soon';

/** Options of the WebSocket server that are the same for every conversation endpoint. */
export const SOCKET_OPTIONS = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  // Each connection answers its pings itself, because they count as messages.
  autoPong: false,
  // The fragments of a message become visible only when it is complete, but each takes time or memory before. No client needs this many.
  maxFragments: 256,
  maxBufferedChunks: 4_096,
} as const;

/** Admits the clients of every endpoint: a socket that is accepted becomes a `ClientConnection`. */
@Injectable()
export class SocketAdmission {
  private readonly logger = new Logger(SocketAdmission.name);

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'allowedOrigins'>,
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(ConnectionRegistry) private readonly registry: ConnectionRegistry,
    @Inject(OpeningQueue) private readonly openings: OpeningQueue,
    @Inject(InputMeter) private readonly meter: InputMeter,
    @Inject(ClientAddress) private readonly addresses: ClientAddress,
  ) {}

  /**
   * Returns undefined when the socket was refused and closed. Otherwise the connection is in the registry until the socket closes. Never
   * throws, because an exception in a gateway ends the process.
   */
  admit(socket: WebSocket, request: IncomingMessage): ClientConnection | undefined {
    const { engines, openings, meter } = this;
    const options = {
      engines,
      openings,
      newOpusDecoder,
      meter,
      wire: request.socket,
      address: this.addresses.of(request),
      now: () => performance.now(),
    };
    return this.admitAs(socket, request, (onClosed) => new ClientConnection(socket, options, onClosed));
  }

  /** As `admit`, for a connection of another kind. */
  admitAs<Connection extends RegisteredConnection>(
    socket: WebSocket,
    request: IncomingMessage,
    connect: (onClosed: (connection: Connection) => void) => Connection,
  ): Connection | undefined {
    try {
      const { allowedOrigins } = this.settings;
      const scheme = this.addresses.schemeOf(request);
      if (!isOriginAllowed(request, { allowedOrigins, scheme })) return refuse(socket, CloseCode.refused, 'origin not allowed');
      if (this.registry.draining) return refuse(socket, CloseCode.draining);
      const connection = connect((closed) => this.registry.remove(closed));
      this.registry.add(connection);
      return connection;
    } catch (error) {
      this.logger.error({ message: 'a client could not be admitted', error: describeError(error) });
      return refuse(socket, CloseCode.internal);
    }
  }
}

/** Closes a refused socket. Nothing listens to the messages that it still sends. */
function refuse(socket: WebSocket, code: number, reason?: string): undefined {
  socket.close(code, reason);
  terminateSoon(socket);
}
