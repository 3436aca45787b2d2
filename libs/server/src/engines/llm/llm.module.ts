import { Module, Scope } from '@nestjs/common';
import type { LanguageModel } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { LANGUAGE_MODEL } from './language-model.token';
import { type Connection, LlmStream } from '@parley/engine';
import { CONNECTION } from '../connection/connection.token';

/** Provides the language model: the provider's adapter, and a stream for each connection. */
@Module({
  imports: [StageProvidersModule],
  providers: [
    { provide: LANGUAGE_MODEL, inject: [STAGE_PROVIDERS], useFactory: (providers: StageProviders) => providers.llm.port },
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
