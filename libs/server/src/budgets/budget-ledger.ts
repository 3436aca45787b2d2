import { BUDGET_KINDS, type BudgetKind, type BudgetLimits, type BudgetScope } from '../config/budget-settings';
import type { DayCounters } from './day-counters';

/** A limit that is reached. */
export interface BudgetRefusal {
  kind: BudgetKind;
  scope: BudgetScope;
  /** When the day of the limit is over, in ms from now. Undefined if another conversation may begin at once. */
  retryAfterMs?: number;
}

/** What is told of all budgets, for metrics. */
export interface BudgetObserver {
  spent(kind: BudgetKind, amount: number): void;
  refused(refusal: BudgetRefusal): void;
}

export interface BudgetLedgerOptions {
  limits: BudgetLimits;
  days: DayCounters;
  observer: BudgetObserver;
}

/** Knows the limits, and what was spent of them today. Shared by all conversations. */
export class BudgetLedger {
  constructor(private readonly options: BudgetLedgerOptions) {}

  /** Counts for the day, and for the address if it is known. */
  spend(kind: BudgetKind, amount: number, address: string | undefined): void {
    const { limits, days, observer } = this.options;
    observer.spent(kind, amount);
    if (limits.day[kind] !== undefined) days.add(dayName(kind), amount);
    if (limits.address[kind] !== undefined && address !== undefined) days.add(addressName(kind, address), amount);
  }

  /** The limit of this kind that is reached, if there is one. `used`: how much the conversation has used. */
  reached(kind: BudgetKind, used: number, address: string | undefined): BudgetRefusal | undefined {
    const { limits, days } = this.options;
    const { conversation, address: ofAddress, day } = limits;
    if (isReached(day[kind], () => days.used(dayName(kind)))) return { kind, scope: 'day', retryAfterMs: days.leftOfDayMs };
    if (address !== undefined && isReached(ofAddress[kind], () => days.used(addressName(kind, address)))) {
      return { kind, scope: 'address', retryAfterMs: days.leftOfDayMs };
    }
    return isReached(conversation[kind], () => used) ? { kind, scope: 'conversation' } : undefined;
  }

  /** Asks the other servers what was spent. Never rejects. */
  async refresh(address: string | undefined): Promise<void> {
    const { limits, days } = this.options;
    const ofDay = BUDGET_KINDS.filter((kind) => limits.day[kind] !== undefined).map(dayName);
    const limited = address === undefined ? [] : BUDGET_KINDS.filter((kind) => limits.address[kind] !== undefined);
    await days.refresh([...ofDay, ...limited.map((kind) => addressName(kind, address ?? ''))]);
  }

  /** A conversation or narration was refused or ended because of this limit. */
  refused(refusal: BudgetRefusal): void {
    this.options.observer.refused(refusal);
  }
}

const dayName = (kind: BudgetKind): string => `day:${kind}`;
const addressName = (kind: BudgetKind, address: string): string => `address:${kind}:${address}`;

const isReached = (limit: number | undefined, used: () => number): boolean => limit !== undefined && used() >= limit;
