import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ConversationMetrics } from './conversation-metrics';
import { NarrationMetrics } from './narration-metrics';

/** Provides the metrics of this server and their registry. Each server has its own, so that two servers in one process do not share counts. */
@Module({
  providers: [{ provide: Registry, useFactory: () => new Registry() }, ConversationMetrics, NarrationMetrics],
  exports: [Registry, ConversationMetrics, NarrationMetrics],
})
export class MetricsModule {}
