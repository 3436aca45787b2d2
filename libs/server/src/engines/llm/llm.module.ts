import { Module, Scope } from '@nestjs/common';
import type { LanguageModel } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { LANGUAGE_MODEL } from './language-model.token';
import { LlmStream } from '@parley/engine';

/** Provides the language model: the provider's adapter, and a stream for each connection. */
@Module({
  imports: [StageProvidersModule],
  providers: [
    { provide: LANGUAGE_MODEL, inject: [STAGE_PROVIDERS], useFactory: (providers: StageProviders) => providers.llm.port },
    {
      provide: LlmStream,
      scope: Scope.REQUEST,
      inject: [LANGUAGE_MODEL, SETTINGS],
      useFactory: (port: LanguageModel, { llm }: Pick<Settings, 'llm'>) => new LlmStream(port, { maxTokens: llm.maxTokens }),
    },
  ],
  exports: [LANGUAGE_MODEL, LlmStream],
})
export class LlmModule {}
