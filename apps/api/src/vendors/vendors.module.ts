import { Module } from '@nestjs/common';
import { SETTINGS } from '../config/settings';
import { chooseVendors } from './choose-vendors';
import { EmbeddedSimulator } from './embedded-simulator';
import { VENDORS } from './vendors';

/** Who answers for each stage, decided once at start-up. */
@Module({
  providers: [EmbeddedSimulator, { provide: VENDORS, inject: [SETTINGS, EmbeddedSimulator], useFactory: chooseVendors }],
  exports: [VENDORS, EmbeddedSimulator],
})
export class VendorsModule {}
