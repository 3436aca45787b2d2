import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { CloseCode, WS_PATH } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { SETTINGS, type Settings } from '../config/settings';
import { ConversationStartedMessage } from '../session/conversation-started';
import { SessionFactory } from '../session/session.factory';
import { ClientConnection } from './client-connection';
import { ConnectionRegistry } from './connection-registry';
import { isOriginAllowed } from './origin-policy';

/** Above every message the protocol allows; what is longer ends the connection with 1009. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** Lifecycle only: a socket comes, becomes a `ClientConnection`, and goes. */
@WebSocketGateway({ path: WS_PATH, maxPayload: MAX_PAYLOAD_BYTES, perMessageDeflate: false })
export class ConversationGateway implements OnGatewayConnection {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
    @Inject(ConversationStartedMessage) private readonly started: ConversationStartedMessage,
    @Inject(ConnectionRegistry) private readonly registry: ConnectionRegistry,
  ) {}

  /** Not async: a rejection would end the process, and messages must not arrive before someone listens. */
  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    if (!isOriginAllowed(request, this.settings.allowedOrigins)) return socket.close(CloseCode.refused, 'origin not allowed');
    if (this.registry.draining) return socket.close(CloseCode.draining);
    const connection = new ClientConnection(
      socket,
      {
        open: (context) => this.sessions.open(context),
        describe: (context) => this.started.for(context),
        now: () => performance.now(),
      },
      (closed) => this.registry.remove(closed),
    );
    this.registry.add(connection);
  }
}
