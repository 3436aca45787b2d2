import type { UsageMeter } from '@parley/providers';
import { BUDGET_KINDS, type BudgetKind } from '../config/budget-settings';
import type { BudgetLedger, BudgetRefusal } from './budget-ledger';

/** What one conversation or narration may use, and what it has used. */
export class ConversationBudget implements UsageMeter {
  private readonly used: Record<BudgetKind, number> = { turns: 0, model_requests: 0, voice_characters: 0, recognition_ms: 0 };
  private isClosed = false;
  private firstRefusal: BudgetRefusal | undefined;
  /** Called each time that something is not allowed. Must not throw. */
  onRefused: (refusal: BudgetRefusal) => void = () => undefined;

  constructor(
    private readonly ledger: BudgetLedger,
    /** Whoever is connected, as an opaque text. Undefined if that is not known. */
    private readonly address: string | undefined,
  ) {}

  /** The first refusal. */
  get refusal(): BudgetRefusal | undefined {
    return this.firstRefusal;
  }

  /** A limit that is reached, of whatever kind. */
  get reached(): BudgetRefusal | undefined {
    for (const kind of BUDGET_KINDS) {
      const reached = this.reachedOf(kind);
      if (reached) return reached;
    }
    return undefined;
  }

  allows(kind: BudgetKind): boolean {
    if (this.isClosed) return false;
    const refusal = this.reachedOf(kind);
    if (refusal === undefined) return true;
    this.firstRefusal ??= refusal;
    this.onRefused(refusal);
    return false;
  }

  spend(kind: BudgetKind, amount: number): boolean {
    this.used[kind] += amount;
    this.ledger.spend(kind, amount, this.address);
    return this.reachedOf(kind) === undefined;
  }

  /** Allows nothing more. */
  close(): void {
    this.isClosed = true;
  }

  /** The limit of this kind that is reached, if there is one. */
  reachedOf(kind: BudgetKind): BudgetRefusal | undefined {
    return this.ledger.reached(kind, this.used[kind], this.address);
  }
}
