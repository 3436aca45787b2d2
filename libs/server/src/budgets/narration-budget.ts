import type { NarrationEvent } from '@parley/engine';
import { type UsageMeter, UsageRefused } from '@parley/providers';
import type { BudgetLedger, BudgetRefusal } from './budget-ledger';
import { ConversationBudget } from './conversation-budget';

type Failed = Extract<NarrationEvent, { type: 'failed' }>;
type Spent = Extract<NarrationEvent, { type: 'budget_spent' }>;

/** What one narration may use: characters for the voice. */
export class NarrationBudget {
  /** Why there is nothing for it from the beginning. */
  readonly refusal: BudgetRefusal | undefined;
  private readonly budget: ConversationBudget;

  constructor(
    private readonly ledger: BudgetLedger,
    address: string | undefined,
  ) {
    this.budget = new ConversationBudget(ledger, address);
    this.refusal = this.budget.reachedOf('voice_characters');
    if (this.refusal) ledger.refused(this.refusal);
  }

  get meter(): UsageMeter {
    return this.budget;
  }

  /** What its client is told of a failure: a voice that was not asked has not failed. */
  explain(event: Failed): Failed | Spent {
    const { refusal } = this.budget;
    if (!(event.error instanceof UsageRefused) || refusal === undefined) return event;
    this.ledger.refused(refusal);
    return { type: 'budget_spent', ...refusal };
  }
}
