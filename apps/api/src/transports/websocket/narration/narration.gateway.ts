import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { WS_NARRATION_PATH } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { NarrationFactory } from '@parley/server';
import { ClientAddress } from '../../client-address/client-address';
import { SocketAdmission, SOCKET_OPTIONS } from '../socket-admission';
import { ClientChoices } from '../client-choices';
import { NarrationConnection, type NarrationConnectionOptions } from './narration-connection';

/** The endpoint that speaks text as it is written. It only manages the sockets: each new one becomes a `NarrationConnection`. */
@WebSocketGateway({ path: WS_NARRATION_PATH, ...SOCKET_OPTIONS })
export class NarrationGateway implements OnGatewayConnection {
  constructor(
    @Inject(SocketAdmission) private readonly admission: SocketAdmission,
    @Inject(NarrationFactory) private readonly narrations: NarrationFactory,
    @Inject(ClientChoices) private readonly choices: ClientChoices,
    @Inject(ClientAddress) private readonly addresses: ClientAddress,
  ) {}

  /** Not async, for the same reasons as in `ConversationGateway`. */
  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const options: Omit<NarrationConnectionOptions, 'limits'> = {
      narrations: this.narrations,
      address: this.addresses.of(request),
      now: () => performance.now(),
      wire: request.socket,
      refusalOf: (message) => this.choices.refusalOf(message, '/api/narrations/options'),
    };
    this.admission.admitAs(socket, request, (onClosed, limits) => new NarrationConnection(socket, { ...options, limits }, onClosed));
  }
}
