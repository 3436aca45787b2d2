import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { SETTINGS, type Settings } from '../config/settings';
import { BudgetMetrics } from './budget-metrics';
import { ConversationCounts } from './conversation-counts';
import { ConversationMetrics } from './conversation-metrics';
import { ConversationTelemetry } from './conversation-telemetry';
import { LatencyMetrics } from './latency-metrics';
import { NarrationMetrics } from './narration-metrics';
import { ReplyCacheMetrics } from './reply-cache-metrics';
import { Traces } from './tracing/traces';
import { VendorMetrics } from './vendor-metrics';

/**
 * Provides the metrics of this server and their registry, and the traces. Each server has its own, so that two servers in one process do not
 * share counts.
 */
@Module({
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    ConversationMetrics,
    ConversationCounts,
    LatencyMetrics,
    VendorMetrics,
    NarrationMetrics,
    BudgetMetrics,
    ReplyCacheMetrics,
    {
      provide: Traces,
      inject: [SETTINGS, Registry],
      useFactory: ({ telemetry }: Pick<Settings, 'telemetry'>, registry: Registry) => Traces.open(telemetry, registry),
    },
    ConversationTelemetry,
  ],
  exports: [Registry, NarrationMetrics, VendorMetrics, BudgetMetrics, ReplyCacheMetrics, ConversationTelemetry],
})
export class MetricsModule {}
