import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings';
import { AgentEngineFactory } from '../../engines/agent/agent-engine.factory';
import { AgentModule } from '../../engines/agent/agent.module';
import { PipelineEngineFactory } from '../../engines/session/pipeline-engine.factory';
import { NarrationModule } from '../../engines/narration/narration.module';
import { SessionModule } from '../../engines/session/session.module';
import { AgentGateway } from './agent.gateway';
import { ConnectionRegistry } from './connection-registry';
import { ConversationGateway } from './conversation.gateway';
import { ENGINES, type Engines } from '../../engines/engines';
import { HostPolicy } from './host-policy';
import { InputMeter } from './input/input-meter';
import { NarrationGateway } from './narration/narration.gateway';
import { OpeningQueue } from '@parley/engine';
import { SocketAdmission } from './socket-admission';

/** Provides the WebSocket transport. */
@Module({
  imports: [SessionModule, AgentModule, NarrationModule],
  providers: [
    {
      provide: ENGINES,
      inject: [PipelineEngineFactory, AgentEngineFactory],
      useFactory: (pipeline: PipelineEngineFactory, agent: AgentEngineFactory): Engines => ({ pipeline, agent }),
    },
    ConversationGateway,
    AgentGateway,
    NarrationGateway,
    SocketAdmission,
    ConnectionRegistry,
    {
      provide: OpeningQueue,
      inject: [SETTINGS],
      useFactory: ({ maxOpening }: Pick<Settings, 'maxOpening'>) => new OpeningQueue({ maxOpening }),
    },
    InputMeter,
    HostPolicy,
  ],
  exports: [ConnectionRegistry, ENGINES, OpeningQueue, InputMeter, HostPolicy],
})
export class ConnectionModule {}
