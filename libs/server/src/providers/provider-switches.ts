import { Injectable } from '@nestjs/common';
import type { Stage } from '@parley/conversation';
import type { ProviderSwitch } from '@parley/providers';

/** How often one provider of a stage was asked in place of another one. */
export interface ProviderSwitchCount {
  stage: Stage;
  from: string;
  to: string;
  count: number;
}

/**
 * Counts the switches between providers since the server started. The configuration limits the number of entries: one per pair of
 * providers.
 */
@Injectable()
export class ProviderSwitches {
  private readonly entries = new Map<string, ProviderSwitchCount>();

  add(stage: Stage, { from, to }: Pick<ProviderSwitch, 'from' | 'to'>): void {
    const key = [stage, from, to].join(' ');
    const { count } = this.entries.get(key) ?? { count: 0 };
    this.entries.set(key, { stage, from, to, count: count + 1 });
  }

  get counts(): readonly ProviderSwitchCount[] {
    return [...this.entries.values()];
  }
}
