import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { WS_AGENT_PATH } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { parseAgentRequest } from './parse-agent-request';
import { Reception, SOCKET_OPTIONS } from './reception';

/** Conversations with the agent that start by themselves, for clients that send audio as JSON and little else. */
@WebSocketGateway({ path: WS_AGENT_PATH, ...SOCKET_OPTIONS })
export class AgentGateway implements OnGatewayConnection {
  constructor(@Inject(Reception) private readonly reception: Reception) {}

  /** Not async, as in `ConversationGateway`. */
  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    this.reception.admit(socket, request)?.startAtOnce(parseAgentRequest(request.url));
  }
}
