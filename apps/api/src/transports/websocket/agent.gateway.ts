import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { WS_AGENT_PATH } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { parseAgentRequest } from './parse-agent-request';
import { SocketAdmission, SOCKET_OPTIONS } from './socket-admission';

/** The endpoint for conversations with the agent that start by themselves, for simple clients that send little but audio as JSON. */
@WebSocketGateway({ path: WS_AGENT_PATH, ...SOCKET_OPTIONS })
export class AgentGateway implements OnGatewayConnection {
  constructor(@Inject(SocketAdmission) private readonly admission: SocketAdmission) {}

  /** Not async, for the same reasons as in `ConversationGateway`. */
  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    this.admission.admit(socket, request)?.startAtOnce(parseAgentRequest(request.url));
  }
}
