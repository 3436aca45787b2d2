import type { TurnPolicy } from './turn-policy';

/** A conversation has a maximum length. Its end is announced in advance. */

/** The fields that a conversation on either engine needs for its maximum length. Times are milliseconds of the monotonic clock. */
interface SessionLength {
  startedAtMs: number;
  policy: Pick<TurnPolicy, 'maxSessionMs'>;
  /** Whether the client knows that the end is near. */
  endingNotified: boolean;
}

/** How long before the end the announcement is made. */
export const ENDING_NOTICE_MS = 30_000;

export const sessionLeftMs = ({ startedAtMs, policy }: Pick<SessionLength, 'startedAtMs' | 'policy'>, atMs: number): number =>
  startedAtMs + policy.maxSessionMs - atMs;

/** The delay until the next check by the `inactivity` timer: `quietLeftMs`, or less when the announcement or the end comes first. */
export function limitCheckDelayMs(state: SessionLength, quietLeftMs: number, atMs: number): number {
  const leftMs = sessionLeftMs(state, atMs) - (state.endingNotified ? 0 : ENDING_NOTICE_MS);
  return Math.max(0, Math.min(quietLeftMs, leftMs));
}
