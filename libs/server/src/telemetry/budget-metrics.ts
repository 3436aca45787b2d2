import { Inject, Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { BUDGET_KINDS, BUDGET_SCOPES, type BudgetKind, type BudgetScope } from '../config/budget-settings';

const MS_PER_SECOND = 1000;
/** The label of each kind. Prometheus counts in seconds. */
const LABELS: Record<BudgetKind, string> = {
  turns: 'turns',
  model_requests: 'model_requests',
  voice_characters: 'voice_characters',
  recognition_ms: 'recognition_seconds',
};

/** What was spent of the paid services, with and without limits, and how often a limit was reached. */
@Injectable()
export class BudgetMetrics {
  private readonly spentTotal: Counter<'kind'>;
  private readonly refusals: Counter<'kind' | 'scope'>;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    this.spentTotal = new Counter({
      name: 'parley_budget_spent_total',
      help: 'Turns, requests to models, characters for voices and seconds of audio for recognisers.',
      labelNames: ['kind'],
      registers,
    });
    this.refusals = new Counter({
      name: 'parley_budget_refusals_total',
      help: 'Conversations and narrations that were refused or ended because a budget was spent.',
      labelNames: ['kind', 'scope'],
      registers,
    });
    for (const kind of BUDGET_KINDS) {
      this.spentTotal.inc({ kind: LABELS[kind] }, 0);
      for (const scope of BUDGET_SCOPES) this.refusals.inc({ kind: LABELS[kind], scope }, 0);
    }
  }

  spent(kind: BudgetKind, amount: number): void {
    this.spentTotal.inc({ kind: LABELS[kind] }, kind === 'recognition_ms' ? amount / MS_PER_SECOND : amount);
  }

  refused({ kind, scope }: { kind: BudgetKind; scope: BudgetScope }): void {
    this.refusals.inc({ kind: LABELS[kind], scope });
  }
}
