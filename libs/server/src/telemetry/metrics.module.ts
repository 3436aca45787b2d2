import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BudgetMetrics } from './budget-metrics';
import { ConversationMetrics } from './conversation-metrics';
import { NarrationMetrics } from './narration-metrics';
import { ReplyCacheMetrics } from './reply-cache-metrics';

/** Provides the metrics of this server and their registry. Each server has its own, so that two servers in one process do not share counts. */
@Module({
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    ConversationMetrics,
    NarrationMetrics,
    BudgetMetrics,
    ReplyCacheMetrics,
  ],
  exports: [Registry, ConversationMetrics, NarrationMetrics, BudgetMetrics, ReplyCacheMetrics],
})
export class MetricsModule {}
