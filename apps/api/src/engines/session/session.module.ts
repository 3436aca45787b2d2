import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { parseSileroWeights, VoiceActivityDetector } from '@parley/audio';
import { RUNTIME_PATHS, type RuntimePaths } from '../../config/runtime-paths';
import { LlmModule } from '../llm/llm.module';
import { MetricsModule } from '../../telemetry/metrics.module';
import { RecordingModule } from '../recording/recording.module';
import { SttModule } from '../stt/stt.module';
import { TtsModule } from '../tts/tts.module';
import { VendorsModule } from '../../providers/vendors.module';
import { ConnectionContextModule } from '../connection/connection-context.module';
import { PipelineEngineFactory } from './pipeline-engine.factory';
import { Session } from './session';
import { SessionFactory } from './session.factory';
import { NEW_VOICE_DETECTOR, type NewVoiceDetector } from './voice-detector';

/** Conversations: what is made for each connection, and the factory that makes it. */
@Module({
  imports: [ConnectionContextModule, LlmModule, MetricsModule, RecordingModule, SttModule, TtsModule, VendorsModule],
  providers: [
    {
      provide: NEW_VOICE_DETECTOR,
      inject: [RUNTIME_PATHS],
      useFactory: async ({ assets }: RuntimePaths): Promise<NewVoiceDetector> => {
        const weights = parseSileroWeights(await readFile(join(assets, 'silero-vad-v6-16k.bin')));
        return () => new VoiceActivityDetector({ weights });
      },
    },
    Session,
    SessionFactory,
    PipelineEngineFactory,
  ],
  exports: [SessionFactory, PipelineEngineFactory],
})
export class SessionModule {}
