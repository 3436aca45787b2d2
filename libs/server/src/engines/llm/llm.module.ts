import { Module, Scope } from '@nestjs/common';
import type { LanguageModel } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { LANGUAGE_MODEL } from './language-model.token';
import { type Connection, LlmStream, SYSTEM_CLOCK } from '@parley/engine';
import { MetricsModule } from '../../telemetry/metrics.module';
import { ReplyCacheMetrics } from '../../telemetry/reply-cache-metrics';
import { CachingLanguageModel } from './reply-cache';
import { CONNECTION } from '../connection/connection.token';

/** The provider's adapter, behind the reply cache if there is one. */
function languageModel(
  { llm: { port } }: StageProviders,
  { budgets, turns }: Pick<Settings, 'budgets' | 'turns'>,
  metrics: ReplyCacheMetrics,
): LanguageModel {
  const { replyCacheTtlMs: ttlMs } = budgets;
  if (ttlMs === undefined) return port;
  const onAsked = (isHit: boolean): void => metrics.asked(isHit);
  return new CachingLanguageModel(port, { systemPrompt: turns.systemPrompt, ttlMs, now: () => SYSTEM_CLOCK.now(), onAsked });
}

/** Provides the language model: the provider's adapter, and a stream for each connection. */
@Module({
  imports: [MetricsModule, StageProvidersModule],
  providers: [
    { provide: LANGUAGE_MODEL, inject: [STAGE_PROVIDERS, SETTINGS, ReplyCacheMetrics], useFactory: languageModel },
    {
      provide: LlmStream,
      scope: Scope.REQUEST,
      inject: [CONNECTION, LANGUAGE_MODEL, SETTINGS],
      useFactory: ({ meter }: Connection, port: LanguageModel, { llm }: Pick<Settings, 'llm'>) =>
        new LlmStream(port, { maxTokens: llm.maxTokens, meter }),
    },
  ],
  exports: [LANGUAGE_MODEL, LlmStream],
})
export class LlmModule {}
