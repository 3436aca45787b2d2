export interface RateLimitOptions {
  /** How many may come at once. */
  burst: number;
  perSecond: number;
  now: () => number;
}

interface Allowance {
  left: number;
  atMs: number;
}

/** More people than in any room. Who is forgotten starts anew. */
const MAX_REMEMBERED = 1_000;

/** Limits how often each person may send something. */
export class RateLimit {
  private readonly allowances = new Map<string, Allowance>();

  constructor(private readonly options: RateLimitOptions) {}

  /** Whether this person may send something now. It counts as sent then. */
  allows(identity: string): boolean {
    const { burst, perSecond, now } = this.options;
    const atMs = now();
    const before = this.allowances.get(identity) ?? { left: burst, atMs };
    const left = Math.min(burst, before.left + ((atMs - before.atMs) * perSecond) / 1_000);
    const isAllowed = left >= 1;
    this.allowances.set(identity, { left: isAllowed ? left - 1 : left, atMs });
    const [oldest] = this.allowances.keys();
    if (this.allowances.size > MAX_REMEMBERED && oldest !== undefined) this.allowances.delete(oldest);
    return isAllowed;
  }
}
