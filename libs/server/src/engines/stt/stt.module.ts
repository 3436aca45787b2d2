import { Module, Scope } from '@nestjs/common';
import { type Connection, SttStream } from '@parley/engine';
import type { SpeechToText } from '@parley/providers';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { CONNECTION } from '../connection/connection.token';
import { SPEECH_TO_TEXT } from './speech-to-text.token';

/** Provides speech recognition: the provider's adapter, and a stream for each connection. */
@Module({
  imports: [StageProvidersModule],
  providers: [
    { provide: SPEECH_TO_TEXT, inject: [STAGE_PROVIDERS], useFactory: (providers: StageProviders) => providers.stt.port },
    {
      provide: SttStream,
      scope: Scope.REQUEST,
      inject: [CONNECTION, SPEECH_TO_TEXT],
      useFactory: (connection: Connection, port: SpeechToText) => new SttStream(connection.options, port, connection.meter),
    },
  ],
  exports: [SPEECH_TO_TEXT, SttStream],
})
export class SttModule {}
