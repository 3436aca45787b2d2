import { Module } from '@nestjs/common';
import { AgentEngineFactory } from '../agent/agent-engine.factory';
import { AgentModule } from '../agent/agent.module';
import { PipelineEngineFactory } from '../session/pipeline-engine.factory';
import { SessionModule } from '../session/session.module';
import { AgentGateway } from './agent.gateway';
import { ConnectionRegistry } from './connection-registry';
import { ConversationGateway } from './conversation.gateway';
import { ENGINES, type Engines } from './engines';
import { HostPolicy } from './host-policy';
import { InputMeter } from './input/input-meter';
import { OpeningQueue } from './opening-queue';
import { Reception } from './reception';

/** The WebSocket transport. */
@Module({
  imports: [SessionModule, AgentModule],
  providers: [
    {
      provide: ENGINES,
      inject: [PipelineEngineFactory, AgentEngineFactory],
      useFactory: (pipeline: PipelineEngineFactory, agent: AgentEngineFactory): Engines => ({ pipeline, agent }),
    },
    ConversationGateway,
    AgentGateway,
    Reception,
    ConnectionRegistry,
    OpeningQueue,
    InputMeter,
    HostPolicy,
  ],
  exports: [ConnectionRegistry, ENGINES, OpeningQueue, InputMeter, HostPolicy],
})
export class ConnectionModule {}
