import type { UsedTokens } from './used-tokens';

/** The used tokens of one process. Nothing is kept longer than the tokens are valid. */
export class MemoryUsedTokens implements UsedTokens {
  /** The times at which they expire. */
  private readonly used = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  get size(): number {
    return this.used.size;
  }

  use(id: string, untilMs: number): Promise<boolean> {
    this.forgetExpired();
    if (this.used.has(id)) return Promise.resolve(false);
    this.used.set(id, untilMs);
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    this.used.clear();
    return Promise.resolve();
  }

  /** All tokens are valid equally long, so the first to be used is among the first to expire. */
  private forgetExpired(): void {
    const nowMs = this.now();
    for (const [id, untilMs] of this.used) {
      if (untilMs > nowMs) return;
      this.used.delete(id);
    }
  }
}
