import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CloseCode } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { SETTINGS, type Settings } from '../../config/settings';
import { ClientConnection } from './client-connection';
import { ConnectionRegistry } from './connection-registry';
import { ENGINES, type Engines } from '../../engines/engines';
import { InputMeter } from './input/input-meter';
import { newOpusDecoder } from './input/opus-decoder';
import { OpeningQueue } from '@parley/engine';
import { isOriginAllowed } from './origin-policy';

/** Above every message the protocol allows; what is longer ends the connection with 1009. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** What is the same for the sockets of every conversation endpoint. */
export const SOCKET_OPTIONS = { maxPayload: MAX_PAYLOAD_BYTES, perMessageDeflate: false } as const;

/** Where every client comes in, whatever the endpoint: a socket that may stay becomes a `ClientConnection`. */
@Injectable()
export class SocketAdmission {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'allowedOrigins'>,
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(ConnectionRegistry) private readonly registry: ConnectionRegistry,
    @Inject(OpeningQueue) private readonly openings: OpeningQueue,
    @Inject(InputMeter) private readonly meter: InputMeter,
  ) {}

  /** Undefined: the socket was refused and closed. Else the connection is in the registry until the socket closes. */
  admit(socket: WebSocket, request: IncomingMessage): ClientConnection | undefined {
    if (!isOriginAllowed(request, this.settings.allowedOrigins)) return refuse(socket, CloseCode.refused, 'origin not allowed');
    if (this.registry.draining) return refuse(socket, CloseCode.draining);
    const options = { engines: this.engines, openings: this.openings, newOpusDecoder, meter: this.meter, now: () => performance.now() };
    const connection = new ClientConnection(socket, options, (closed) => this.registry.remove(closed));
    this.registry.add(connection);
    return connection;
  }
}

function refuse(socket: WebSocket, code: number, reason?: string): undefined {
  socket.close(code, reason);
}
