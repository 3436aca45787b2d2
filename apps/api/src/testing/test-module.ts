import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { NarrationProvider, VoiceAgent } from '@parley/providers';
import { VOICE_AGENT } from '../providers/voice-agent.token';
import { AppModule } from '../app.module';
import { Secrets } from '../config/secrets';
import { SETTINGS } from '../config/settings';
import { ENGINES, type Engines } from '../engines/engines';
import { NARRATION_PROVIDER } from '../engines/narration/narration-provider.token';
import { NEW_VOICE_DETECTOR } from '../engines/session/new-voice-detector.token';
import { type StageProvider, STAGE_PROVIDERS, type StageProviders } from '../providers/stage-providers';
import { FakeVoiceDetector } from '@parley/engine/testing';
import { TEST_PATHS } from './runtime-paths';
import { testSettings } from './test-settings';

/** Parts of the server that a test replaces. */
export interface ModuleOverrides {
  engines?: Engines;
  agent?: StageProvider<VoiceAgent>;
  narration?: NarrationProvider;
}

/** All modules of the server with these providers and settings, and with a voice detector that understands the test microphone. */
export function testModule(
  providers: StageProviders,
  logger: LoggerService,
  settings = testSettings(),
  { engines, agent, narration }: ModuleOverrides = {},
): Promise<TestingModule> {
  const builder = Test.createTestingModule({ imports: [AppModule.for(TEST_PATHS, new Secrets())] })
    .setLogger(logger)
    .overrideProvider(STAGE_PROVIDERS)
    .useValue(providers)
    .overrideProvider(SETTINGS)
    .useValue(settings)
    .overrideProvider(NEW_VOICE_DETECTOR)
    .useValue(() => new FakeVoiceDetector());
  if (engines) builder.overrideProvider(ENGINES).useValue(engines);
  if (agent) builder.overrideProvider(VOICE_AGENT).useValue(agent);
  if (narration) builder.overrideProvider(NARRATION_PROVIDER).useValue({ port: narration, available: true });
  return builder.compile();
}
