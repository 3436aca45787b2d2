import type { UsedTokens } from './used-tokens';

/**
 * Used tokens that several servers share, as long as the store that they share can be reached. While it cannot, each server goes on by itself: a token
 * could then be used once on each of them, until it expires, which is better than a server that lets nobody in.
 */
export class FallbackUsedTokens implements UsedTokens {
  constructor(
    private readonly shared: UsedTokens,
    private readonly local: UsedTokens,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  async use(id: string, untilMs: number): Promise<boolean> {
    // Always kept here as well, for the moment at which the shared store fails.
    if (!(await this.local.use(id, untilMs))) return false;
    try {
      return await this.shared.use(id, untilMs);
    } catch (error) {
      this.onFailure(error);
      return true;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.shared.close(), this.local.close()]);
  }
}
