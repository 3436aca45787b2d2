import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CloseCode, MAX_MESSAGE_BYTES, PROTOCOL_VERSION, type ServerMessage } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { type Engines, ENGINES, type Settings, SETTINGS } from '@parley/server';
import { describeError } from '@parley/engine';
import { ClientAddress } from '../client-address/client-address';
import { ClientChoices } from './client-choices';
import { ClientConnection, type ClientConnectionOptions } from './client-connection';
import { ConnectionRegistry, type RegisteredConnection } from './connection-registry';
import { InputMeter } from './input/input-meter';
import { newOpusDecoder } from './input/opus-decoder';
import { OpeningQueue } from '@parley/engine';
import { type ConnectionLimits } from './limits/connection-limits';
import { SocketLimits } from './limits/socket-limits';
import { isOriginAllowed } from './origin-policy';
import { fatalError, type Refusal } from './refusals';
import { refuseSocket } from './refuse-socket';

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

/** When a client that was refused by a server that shuts down finds another one, or the same one restarted. */
const RETRY_AFTER_MS = 2_000;

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
    @Inject(SocketLimits) private readonly limits: Pick<SocketLimits, 'open'>,
    @Inject(ClientChoices) private readonly choices: Pick<ClientChoices, 'refusalOf'>,
  ) {}

  /**
   * Returns undefined when the socket was refused and closed. Otherwise the connection is in the registry until the socket closes. Never
   * throws, because an exception in a gateway ends the process.
   */
  admit(socket: WebSocket, request: IncomingMessage): ClientConnection | undefined {
    const { choices, engines, openings, meter } = this;
    const options: ClientConnectionOptions = {
      engines,
      openings,
      newOpusDecoder,
      meter,
      refusalOf: (start) => choices.refusalOf(start),
      wire: request.socket,
      address: this.addresses.of(request),
      now: () => performance.now(),
    };
    return this.admitAs(socket, request, (onClosed, limits) => new ClientConnection(socket, { ...options, limits }, onClosed));
  }

  /** As `admit`, for a connection of another kind. */
  admitAs<Connection extends RegisteredConnection>(
    socket: WebSocket,
    request: IncomingMessage,
    connect: (onClosed: (connection: Connection) => void, limits: ConnectionLimits) => Connection,
  ): Connection | undefined {
    try {
      const { allowedOrigins } = this.settings;
      const scheme = this.addresses.schemeOf(request);
      if (!isOriginAllowed(request, { allowedOrigins, scheme })) return refuseSocket(socket, CloseCode.refused, 'origin not allowed');
      if (this.registry.draining) return refuseWithWords(socket, RESTARTING, CloseCode.draining);
      const limits = this.limits.open(this.addresses.of(request));
      if (limits === undefined) return refuseWithWords(socket, TOO_MANY, CloseCode.refused);
      socket.once('close', limits.close);
      const connection = connect((closed) => this.registry.remove(closed), limits);
      this.registry.add(connection);
      return connection;
    } catch (error) {
      this.logger.error({ message: 'a client could not be admitted', error: describeError(error) });
      return refuseSocket(socket, CloseCode.internal);
    }
  }
}

/** When connections are usually closed again that stand in the way of others. */
const RETRY_MS = 10_000;

const TOO_MANY: Refusal = {
  code: 'rate_limited',
  message: 'There are too many connections from your address. Please try again in a moment.',
  retryAfterMs: RETRY_MS,
};

const RESTARTING: Refusal = {
  code: 'server_busy',
  message: 'The server is being restarted. Please come back in a moment.',
  retryAfterMs: RETRY_AFTER_MS,
};

function refuseWithWords(socket: WebSocket, refusal: Refusal, closeCode: number): undefined {
  const welcome: ServerMessage = { type: 'connection_established', message: 'Welcome to Parley.', protocol: PROTOCOL_VERSION };
  return refuseSocket(socket, closeCode, undefined, [welcome, fatalError(refusal)]);
}
