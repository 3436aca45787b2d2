import { Module } from '@nestjs/common';
import { ProviderHealth } from '@parley/providers';
import { SETTINGS } from '../config/settings';
import { MetricsModule } from '../telemetry/metrics.module';
import { VendorMetrics } from '../telemetry/vendor-metrics';
import { chooseProviders, type ChoiceSettings } from './choose-providers';
import { EmbeddedSimulator } from './embedded-simulator';
import { ProviderSwitches } from './provider-switches';
import { STAGE_PROVIDERS, type StageProviders } from './stage-providers';

/** Provides the provider of each stage, which is chosen once at the start of the server. */
@Module({
  imports: [MetricsModule],
  providers: [
    EmbeddedSimulator,
    ProviderSwitches,
    { provide: ProviderHealth, useFactory: () => new ProviderHealth() },
    {
      provide: STAGE_PROVIDERS,
      inject: [SETTINGS, EmbeddedSimulator, ProviderHealth, ProviderSwitches, VendorMetrics],
      useFactory: (
        settings: ChoiceSettings,
        simulator: EmbeddedSimulator,
        health: ProviderHealth,
        switches: ProviderSwitches,
        vendors: VendorMetrics,
      ): Promise<StageProviders> => chooseProviders(settings, simulator, { health, switches, vendors }),
    },
  ],
  exports: [STAGE_PROVIDERS, EmbeddedSimulator, ProviderHealth, ProviderSwitches],
})
export class StageProvidersModule {}
