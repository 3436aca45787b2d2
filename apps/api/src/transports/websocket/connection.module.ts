import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module';
import {
  AgentModule,
  BUDGETED_ENGINES,
  BudgetsModule,
  ENGINES,
  NarrationModule,
  SessionModule,
  type Settings,
  SETTINGS,
  StageProvidersModule,
} from '@parley/server';
import { AgentGateway } from './agent.gateway';
import { ClientChoices } from './client-choices';
import { ClientAddressModule } from '../client-address/client-address.module';
import { ConnectionRegistry } from './connection-registry';
import { ConversationGateway } from './conversation.gateway';
import { HostPolicy } from './host-policy';
import { InputMeter } from './input/input-meter';
import { SocketLimits } from './limits/socket-limits';
import { NarrationGateway } from './narration/narration.gateway';
import { OpeningQueue } from '@parley/engine';
import { SocketAdmission } from './socket-admission';

/** Provides the WebSocket transport. */
@Module({
  imports: [ClientAddressModule, LimitsModule, SessionModule, AgentModule, NarrationModule, BudgetsModule, StageProvidersModule],
  providers: [
    BUDGETED_ENGINES,
    ConversationGateway,
    AgentGateway,
    NarrationGateway,
    SocketAdmission,
    SocketLimits,
    ClientChoices,
    ConnectionRegistry,
    {
      provide: OpeningQueue,
      inject: [SETTINGS],
      useFactory: ({ maxOpening }: Pick<Settings, 'maxOpening'>) => new OpeningQueue({ maxOpening }),
    },
    InputMeter,
    HostPolicy,
  ],
  exports: [ClientChoices, ConnectionRegistry, ENGINES, OpeningQueue, InputMeter, HostPolicy],
})
export class ConnectionModule {}
