import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, Module, Scope } from '@nestjs/common';
import { parseSileroWeights, VoiceActivityDetector } from '@parley/audio';
import {
  type Connection,
  LlmStream,
  type NewTurnDetector,
  type NewVoiceDetector,
  PipelineConversation,
  SttStream,
  SYSTEM_CLOCK,
  TtsStream,
  WORDS_TURN_DETECTOR,
} from '@parley/engine';
import { RUNTIME_PATHS, type RuntimePaths } from '../../config/runtime-paths';
import { SETTINGS, type Settings } from '../../config/settings';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { ConversationTelemetry } from '../../telemetry/conversation-telemetry';
import { engineLog } from '../../telemetry/engine-log';
import { MetricsModule } from '../../telemetry/metrics.module';
import { ConnectionContextModule } from '../connection/connection-context.module';
import { CONNECTION } from '../connection/connection.token';
import { LlmModule } from '../llm/llm.module';
import { observedStages } from '../observed-providers';
import { RecordingModule } from '../recording/recording.module';
import { Recordings } from '../recording/recordings';
import { SttModule } from '../stt/stt.module';
import { FallbackSpeech } from '../tts/fallback-speech';
import { TtsModule } from '../tts/tts.module';
import { NEW_TURN_DETECTOR } from './new-turn-detector.token';
import { NEW_VOICE_DETECTOR } from './new-voice-detector.token';
import { PipelineEngineFactory } from './pipeline-engine.factory';
import { SessionFactory } from './session.factory';
import { watchedModel } from './watched-model';
import { watchedVoice } from './watched-voice';

/** Combines the objects of one connection into the ports of its conversation. */
const newSession = (
  connection: Connection,
  { turns, providers: values }: Pick<Settings, 'turns' | 'providers'>,
  providers: StageProviders,
  stt: SttStream,
  llm: LlmStream,
  tts: TtsStream,
  fallbackSpeech: FallbackSpeech,
  newVoiceDetector: NewVoiceDetector,
  newTurnDetector: NewTurnDetector,
  recorder: Recordings,
  telemetry: ConversationTelemetry,
): PipelineConversation => {
  const { conversationId, language } = connection.options;
  const observed = observedStages(providers, values);
  const observation = telemetry.begin({ conversationId, engine: 'pipeline', language, providers: observed });
  return new PipelineConversation(connection, {
    policy: turns,
    stt: providers.stt.available ? stt : undefined,
    llm: watchedModel(llm, observation),
    tts: providers.tts.available ? watchedVoice(tts, observation) : undefined,
    fallbackSpeech: (stage) => fallbackSpeech.audioFor(stage),
    detector: newVoiceDetector(),
    turnDetector: newTurnDetector(),
    recorder,
    observe: observation.observe,
    logger: engineLog(new Logger(PipelineConversation.name)),
    clock: SYSTEM_CLOCK,
  });
};

/** Provides the objects of each conversation, and the factory that creates them. */
@Module({
  imports: [ConnectionContextModule, LlmModule, MetricsModule, RecordingModule, SttModule, TtsModule, StageProvidersModule],
  providers: [
    {
      provide: NEW_VOICE_DETECTOR,
      inject: [RUNTIME_PATHS],
      useFactory: async ({ assets }: RuntimePaths): Promise<NewVoiceDetector> => {
        const weights = parseSileroWeights(await readFile(join(assets, 'silero-vad-v6-16k.bin')));
        return () => new VoiceActivityDetector({ weights });
      },
    },
    { provide: NEW_TURN_DETECTOR, useValue: () => WORDS_TURN_DETECTOR },
    {
      provide: PipelineConversation,
      scope: Scope.REQUEST,
      inject: [
        CONNECTION,
        SETTINGS,
        STAGE_PROVIDERS,
        SttStream,
        LlmStream,
        TtsStream,
        FallbackSpeech,
        NEW_VOICE_DETECTOR,
        NEW_TURN_DETECTOR,
        Recordings,
        ConversationTelemetry,
      ],
      useFactory: newSession,
    },
    SessionFactory,
    PipelineEngineFactory,
  ],
  exports: [SessionFactory, PipelineEngineFactory],
})
export class SessionModule {}
