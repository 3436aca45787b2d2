import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { VoiceAgent } from '@parley/providers';
import { VOICE_AGENT } from '../providers/voice-agent.token';
import { AppModule } from '../app.module';
import { Secrets } from '../config/secrets';
import { SETTINGS } from '../config/settings';
import { ENGINES, type Engines } from '../engines/engines';
import { NEW_VOICE_DETECTOR } from '../engines/session/new-voice-detector.token';
import { type StageProvider, STAGE_PROVIDERS, type StageProviders } from '../providers/stage-providers';
import { FakeVoiceDetector } from '@parley/engine/testing';
import { TEST_PATHS } from './runtime-paths';
import { testSettings } from './test-settings';

/** What a test puts in the place of the server's own. */
export interface ModuleOverrides {
  engines?: Engines;
  agent?: StageProvider<VoiceAgent>;
}

/** The whole server's modules on other providers, the settings of the tests, and the detector that hears the test microphone. */
export function testModule(
  providers: StageProviders,
  logger: LoggerService,
  settings = testSettings(),
  { engines, agent }: ModuleOverrides = {},
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
  return builder.compile();
}
