import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { WS_PATH } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { SocketAdmission, SOCKET_OPTIONS } from './socket-admission';

/** The endpoint for conversations that the client starts. It only manages the sockets: each new one becomes a `ClientConnection`. */
@WebSocketGateway({ path: WS_PATH, ...SOCKET_OPTIONS })
export class ConversationGateway implements OnGatewayConnection {
  constructor(@Inject(SocketAdmission) private readonly admission: SocketAdmission) {}

  /** Not async: a rejection would end the process, and messages must not arrive before a listener is attached. */
  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    this.admission.admit(socket, request);
  }
}
