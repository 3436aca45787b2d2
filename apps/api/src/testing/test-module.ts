import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AppModule } from '../app.module';
import { SETTINGS } from '../config/settings';
import { ENGINES, type Engines } from '../connection/engines';
import { NEW_VOICE_DETECTOR } from '../session/voice-detector';
import { VENDORS, type Vendors } from '../vendors/vendors';
import { FakeVoiceDetector } from './fake-voice-detector';
import { TEST_PATHS } from './runtime-paths';
import { testSettings } from './test-settings';

/** The whole server's modules on other vendors or other engines, the settings of the tests, and the detector that hears the test microphone. */
export function testModule(vendors: Vendors, logger: LoggerService, settings = testSettings(), engines?: Engines): Promise<TestingModule> {
  const builder = Test.createTestingModule({ imports: [AppModule.for(TEST_PATHS)] })
    .setLogger(logger)
    .overrideProvider(VENDORS)
    .useValue(vendors)
    .overrideProvider(SETTINGS)
    .useValue(settings)
    .overrideProvider(NEW_VOICE_DETECTOR)
    .useValue(() => new FakeVoiceDetector());
  return (engines === undefined ? builder : builder.overrideProvider(ENGINES).useValue(engines)).compile();
}
