import { Module } from '@nestjs/common';
import { AgentModule } from '../agent/agent.module';
import { ConnectionModule } from '../connection/connection.module';
import { SessionModule } from '../session/session.module';
import { VendorsModule } from '../vendors/vendors.module';
import { ConfigController } from './config.controller';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { MetricsModule } from './metrics.module';

/** What those who run the server, and the page, ask it over HTTP. */
@Module({
  imports: [AgentModule, ConnectionModule, MetricsModule, SessionModule, VendorsModule],
  controllers: [HealthController, ConfigController, MetricsController],
})
export class OperationsModule {}
