import { Counter, type Registry } from 'prom-client';
import type { ProviderSwitches } from './provider-switches';

/** Reports the switches between providers in the metrics of the program. */
export function reportSwitches(registry: Registry, switches: Pick<ProviderSwitches, 'counts'>): void {
  new Counter({
    name: 'parley_provider_switches_total',
    help: 'How often a provider was asked in place of another one.',
    labelNames: ['stage', 'from', 'to'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { stage, from, to, count } of switches.counts) this.inc({ stage, from, to }, count);
    },
  });
}
