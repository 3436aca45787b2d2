import type { CanActivate, LoggerService, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { NarrationProvider, VoiceAgent } from '@parley/providers';
import {
  type Engines,
  ENGINES,
  NARRATION_PROVIDER,
  NEW_VOICE_DETECTOR,
  Secrets,
  SETTINGS,
  STAGE_PROVIDERS,
  type StageProvider,
  type StageProviders,
  VOICE_AGENT,
} from '@parley/server';
import { TEST_PATHS, testSettings } from '@parley/server/testing';
import { AppModule } from '../app.module';
import { SESSION_TOKEN_ISSUER } from '../transports/session-tokens/session-token-issuer.guard';
import { FakeVoiceDetector } from '@parley/engine/testing';

/** Parts of the server that a test replaces. */
export interface ModuleOverrides {
  engines?: Engines;
  agent?: StageProvider<VoiceAgent>;
  narration?: NarrationProvider;
  /** Decides who gets session tokens. */
  tokenIssuer?: Type<CanActivate>;
}

/** All modules of the server with these providers and settings, and with a voice detector that understands the test microphone. */
export function testModule(
  providers: StageProviders,
  logger: LoggerService,
  settings = testSettings(),
  { engines, agent, narration, tokenIssuer }: ModuleOverrides = {},
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
  if (tokenIssuer) builder.overrideProvider(SESSION_TOKEN_ISSUER).useClass(tokenIssuer);
  return builder.compile();
}
