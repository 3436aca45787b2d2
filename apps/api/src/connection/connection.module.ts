import { Module } from '@nestjs/common';
import { PipelineEngineFactory } from '../session/pipeline-engine.factory';
import { SessionModule } from '../session/session.module';
import { AgentGateway } from './agent.gateway';
import { ConnectionRegistry } from './connection-registry';
import { ConversationGateway } from './conversation.gateway';
import { ENGINES, type Engines } from './engines';
import { Reception } from './reception';

/** The WebSocket transport. */
@Module({
  imports: [SessionModule],
  providers: [
    {
      provide: ENGINES,
      inject: [PipelineEngineFactory],
      useFactory: (pipeline: PipelineEngineFactory): Engines => ({ pipeline }),
    },
    ConversationGateway,
    AgentGateway,
    Reception,
    ConnectionRegistry,
  ],
  exports: [ConnectionRegistry, ENGINES],
})
export class ConnectionModule {}
