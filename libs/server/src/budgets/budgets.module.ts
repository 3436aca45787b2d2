import { Logger, Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings';
import { BudgetMetrics } from '../telemetry/budget-metrics';
import { MetricsModule } from '../telemetry/metrics.module';
import { BudgetLedger } from './budget-ledger';
import { Budgets } from './budgets';
import { DayCounters } from './day-counters';
import { RedisCounters } from './redis-counters';
import type { SharedCounters } from './shared-counters';

type BudgetsOf = Pick<Settings, 'budgets'>;

/** Only the limits of addresses and days have counters that several servers could share. */
const openShared = async ({ budgets: { limits, redisUrl } }: BudgetsOf): Promise<SharedCounters | undefined> => {
  const isShared = Object.keys(limits.address).length + Object.keys(limits.day).length > 0;
  return isShared && redisUrl !== undefined ? await RedisCounters.open(redisUrl) : undefined;
};

async function openCounters(settings: BudgetsOf): Promise<DayCounters> {
  const logger = new Logger(Budgets.name);
  return new DayCounters({
    shared: await openShared(settings),
    now: Date.now,
    onAway: (error) =>
      logger.warn({
        message: 'Redis cannot be reached, so this server counts alone what its budgets are spent on',
        error: error instanceof Error ? error.name : typeof error,
      }),
    onBack: () => logger.log('Redis is back, and budgets are counted together again'),
  });
}

/** Provides the budgets of conversations, addresses and days. */
@Module({
  imports: [MetricsModule],
  providers: [
    { provide: DayCounters, inject: [SETTINGS], useFactory: openCounters },
    {
      provide: BudgetLedger,
      inject: [SETTINGS, DayCounters, BudgetMetrics],
      useFactory: ({ budgets }: BudgetsOf, days: DayCounters, observer: BudgetMetrics) =>
        new BudgetLedger({ limits: budgets.limits, days, observer }),
    },
    Budgets,
  ],
  exports: [Budgets],
})
export class BudgetsModule {}
