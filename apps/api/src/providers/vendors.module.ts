import { Module } from '@nestjs/common';
import { ProviderHealth } from '@parley/providers';
import { SETTINGS, type Settings } from '../config/settings';
import { chooseVendors } from './choose-vendors';
import { EmbeddedSimulator } from './embedded-simulator';
import { ProviderSwitches } from './provider-switches';
import { VENDORS, type Vendors } from './vendors';

/** Provides the vendor of each stage, which is chosen once at start-up. */
@Module({
  providers: [
    EmbeddedSimulator,
    ProviderSwitches,
    { provide: ProviderHealth, useFactory: () => new ProviderHealth() },
    {
      provide: VENDORS,
      inject: [SETTINGS, EmbeddedSimulator, ProviderHealth, ProviderSwitches],
      useFactory: (
        settings: Settings,
        simulator: EmbeddedSimulator,
        health: ProviderHealth,
        switches: ProviderSwitches,
      ): Promise<Vendors> => chooseVendors(settings, simulator, { health, switches }),
    },
  ],
  exports: [VENDORS, EmbeddedSimulator, ProviderHealth, ProviderSwitches],
})
export class VendorsModule {}
