import { Module } from '@nestjs/common';
import { AgentModule } from '../engines/agent/agent.module';
import { ConnectionModule } from '../transports/websocket/connection.module';
import { EpisodesModule } from '../episodes/episodes.module';
import { SessionModule } from '../engines/session/session.module';
import { StageProvidersModule } from '../providers/stage-providers.module';
import { ConfigController } from './config.controller';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { MetricsModule } from '../telemetry/metrics.module';

/** Provides the HTTP endpoints for the operators of the server and for the page. */
@Module({
  imports: [AgentModule, ConnectionModule, EpisodesModule, MetricsModule, SessionModule, StageProvidersModule],
  controllers: [HealthController, ConfigController, MetricsController],
})
export class OperationsModule {}
