/** Remembers which tokens were used, so that each can be used once. */
export interface UsedTokens {
  /**
   * Resolves to true for the first call with this id, and to false for all others until `untilMs` (Unix time), when the token itself has expired.
   * Rejects if it cannot be known.
   */
  use(id: string, untilMs: number): Promise<boolean>;
  close(): Promise<void>;
}
