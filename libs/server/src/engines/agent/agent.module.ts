import { Logger, Module } from '@nestjs/common';
import type { TextToSpeech } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import { engineLog } from '../../telemetry/engine-log';
import { MetricsModule } from '../../telemetry/metrics.module';
import { TEXT_TO_SPEECH } from '../tts/text-to-speech.token';
import { TtsModule } from '../tts/tts.module';
import { EmbeddedSimulator } from '../../providers/embedded-simulator';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { AgentEngineFactory } from './agent-engine.factory';
import { chooseAgent } from '../../providers/choose-agent';
import { type ClientTools, CurrentTime, EndConversation, SpokenLines, ToolBox } from '@parley/engine';
import { RecordingModule } from '../recording/recording.module';
import { CLIENT_TOOLS } from './client-tools.token';
import { VOICE_AGENT } from '../../providers/voice-agent.token';

/** Provides the agent engine: the chosen agent, the tools of this server that it may call, and its conversations. */
@Module({
  imports: [MetricsModule, RecordingModule, StageProvidersModule, TtsModule],
  providers: [
    {
      provide: VOICE_AGENT,
      // The providers of the stages are injected so that they are chosen first: if they need the simulator, it is running by then.
      inject: [SETTINGS, EmbeddedSimulator, STAGE_PROVIDERS],
      useFactory: chooseAgent,
    },
    {
      provide: CLIENT_TOOLS,
      inject: [SETTINGS],
      useFactory: ({ agent: { timeZone } }: Pick<Settings, 'agent'>): ClientTools =>
        new ToolBox([new CurrentTime({ timeZone, now: () => new Date() }), new EndConversation()], engineLog(new Logger(ToolBox.name))),
    },
    {
      provide: SpokenLines,
      inject: [TEXT_TO_SPEECH, STAGE_PROVIDERS],
      useFactory: (textToSpeech: TextToSpeech, { tts }: StageProviders) =>
        new SpokenLines({ textToSpeech, available: tts.available, logger: engineLog(new Logger(SpokenLines.name)) }),
    },
    AgentEngineFactory,
  ],
  exports: [AgentEngineFactory, VOICE_AGENT],
})
export class AgentModule {}
