import { Module } from '@nestjs/common';
import { MetricsModule } from '@parley/server';
import { ClientAddressModule } from '../client-address/client-address.module';
import { ConnectionCount } from './address/connection-count';
import { HeldBytes } from './address/held-bytes';
import { StartCounter } from './address/start-counter';
import { LoadMonitor } from './load/load-monitor';
import { RefusalCounter } from './refusal-counter';
import { StartAdmission } from './start-admission';

/** Limits what clients may ask of the whole server, by address and by load. */
@Module({
  imports: [ClientAddressModule, MetricsModule],
  providers: [LoadMonitor, ConnectionCount, HeldBytes, StartCounter, RefusalCounter, StartAdmission],
  exports: [ClientAddressModule, ConnectionCount, HeldBytes, RefusalCounter, StartAdmission],
})
export class LimitsModule {}
