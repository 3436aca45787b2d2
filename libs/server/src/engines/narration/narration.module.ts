import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { modelFor } from '@parley/narration';
import { ELEVENLABS_PROVIDER, type NarrationProvider, valuesOf } from '@parley/providers';
import { AudioCacheModule } from '../../audio-cache/audio-cache.module';
import { BudgetsModule } from '../../budgets/budgets.module';
import { SETTINGS, type Settings } from '../../config/settings';
import { chooseNarration } from '../../providers/choose-narration';
import { EmbeddedSimulator } from '../../providers/embedded-simulator';
import type { StageProvider } from '../../providers/stage-providers';
import { StageProvidersModule } from '../../providers/stage-providers.module';
import { MetricsModule } from '../../telemetry/metrics.module';
import { NARRATION_DEFAULTS, type NarrationDefaults } from './narration-defaults';
import { NarrationCache } from './narration-cache';
import { NarrationFactory } from './narration.factory';
import { NARRATION_PROVIDER } from './narration-provider.token';
import { PrerenderedSpeech } from './prerendered-speech';

/** Provides live narrations, who speaks them, and speech that is made beforehand. */
@Module({
  imports: [AudioCacheModule, BudgetsModule, StageProvidersModule, MetricsModule],
  providers: [
    {
      provide: NARRATION_PROVIDER,
      inject: [SETTINGS, EmbeddedSimulator],
      useFactory: (settings: Pick<Settings, 'providers'>, simulator: EmbeddedSimulator) => chooseNarration(settings, simulator),
    },
    {
      provide: NARRATION_DEFAULTS,
      inject: [SETTINGS],
      useFactory: ({ providers }: Pick<Settings, 'providers'>): NarrationDefaults => ({
        voiceId: valuesOf(ELEVENLABS_PROVIDER.variables, providers).voiceId,
        model: modelFor('live'),
      }),
    },
    NarrationCache,
    NarrationFactory,
    PrerenderedSpeech,
  ],
  exports: [NarrationFactory, PrerenderedSpeech, NARRATION_PROVIDER, NARRATION_DEFAULTS],
})
export class NarrationModule implements OnApplicationShutdown {
  constructor(@Inject(NARRATION_PROVIDER) private readonly stage: StageProvider<NarrationProvider>) {}

  /** After all narrations have ended: closes the connections that were kept for the next ones. */
  async onApplicationShutdown(): Promise<void> {
    await this.stage.port.close();
  }
}
