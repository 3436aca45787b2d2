import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ConversationMetrics } from './conversation-metrics';

/** The registry of this server's metrics, and who counts into it. Two servers in one process do not share counts. */
@Module({
  providers: [{ provide: Registry, useFactory: () => new Registry() }, ConversationMetrics],
  exports: [Registry, ConversationMetrics],
})
export class MetricsModule {}
