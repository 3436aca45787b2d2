import { Module } from '@nestjs/common';
import { AgentModule, MetricsModule, SessionModule, StageProvidersModule } from '@parley/server';
import { ConnectionModule } from '../transports/websocket/connection.module';
import { EpisodesModule } from '../episodes/episodes.module';
import { RoomsModule } from '../rooms/rooms.module';
import { ClientTraffic } from './client-traffic';
import { ConfigController } from './config.controller';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { MetricsText } from './metrics-text';
import { MetricsGuard } from './metrics.guard';
import { OperationsPort } from './operations-port';

/** Provides the HTTP endpoints for the operators of the server and for the page. */
@Module({
  imports: [AgentModule, ConnectionModule, EpisodesModule, MetricsModule, RoomsModule, SessionModule, StageProvidersModule],
  controllers: [HealthController, ConfigController, MetricsController],
  providers: [ClientTraffic, MetricsGuard, MetricsText, OperationsPort],
})
export class OperationsModule {}
