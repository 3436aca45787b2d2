import { Module, Scope } from '@nestjs/common';
import { type Connection, TtsStream } from '@parley/engine';
import type { TextToSpeech } from '@parley/providers';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { FallbackSpeech } from './fallback-speech';
import { CONNECTION } from '../connection/connection.token';
import { TEXT_TO_SPEECH } from './text-to-speech.token';

/** Loads the provider's library at the start, because that takes a second or more and no conversation should have to wait for it. */
async function prepared({ tts }: StageProviders): Promise<TextToSpeech> {
  await tts.port.prepare();
  return tts.port;
}

/** Provides the voice: the provider's adapter, a stream for each connection, and the sentences that are spoken when a stage fails. */
@Module({
  imports: [StageProvidersModule],
  providers: [
    { provide: TEXT_TO_SPEECH, inject: [STAGE_PROVIDERS], useFactory: prepared },
    {
      provide: TtsStream,
      scope: Scope.REQUEST,
      inject: [CONNECTION, TEXT_TO_SPEECH],
      useFactory: (connection: Connection, port: TextToSpeech) => new TtsStream(connection.options, port, connection.meter),
    },
    FallbackSpeech,
  ],
  exports: [TEXT_TO_SPEECH, TtsStream, FallbackSpeech],
})
export class TtsModule {}
