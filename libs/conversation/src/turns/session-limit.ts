import type { TurnPolicy } from './turn-policy';

/** A conversation has a greatest length. It is announced before it ends. */

/** What a conversation on either engine knows of its length. Times are of the monotonic clock. */
interface SessionLength {
  startedAtMs: number;
  policy: Pick<TurnPolicy, 'maxSessionMs'>;
  /** Whether the client knows that the end is near. */
  endingTold: boolean;
}

/** The announcement comes this long before the end. */
export const ENDING_NOTICE_MS = 30_000;

export const sessionLeftMs = ({ startedAtMs, policy }: Pick<SessionLength, 'startedAtMs' | 'policy'>, atMs: number): number =>
  startedAtMs + policy.maxSessionMs - atMs;

/** When the `inactivity` timer is to look next: after `quietLeftMs`, or earlier for the announcement or the end. */
export function nextLookMs(state: SessionLength, quietLeftMs: number, atMs: number): number {
  const leftMs = sessionLeftMs(state, atMs) - (state.endingTold ? 0 : ENDING_NOTICE_MS);
  return Math.max(0, Math.min(quietLeftMs, leftMs));
}
