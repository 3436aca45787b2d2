import type { UsageKind, UsageMeter } from '@parley/providers';

/** A meter that records what was spent and refused, and allows so much of each kind; by default any amount. */
export class LimitedMeter implements UsageMeter {
  readonly spent: Record<UsageKind, number> = { model_requests: 0, voice_characters: 0, recognition_ms: 0 };
  readonly refused: UsageKind[] = [];

  constructor(private readonly limits: Partial<Record<UsageKind, number>> = {}) {}

  allows(kind: UsageKind): boolean {
    const isAllowed = this.isLeft(kind);
    if (!isAllowed) this.refused.push(kind);
    return isAllowed;
  }

  spend(kind: UsageKind, amount: number): boolean {
    this.spent[kind] += amount;
    return this.isLeft(kind);
  }

  private isLeft(kind: UsageKind): boolean {
    return this.spent[kind] < (this.limits[kind] ?? Infinity);
  }
}
