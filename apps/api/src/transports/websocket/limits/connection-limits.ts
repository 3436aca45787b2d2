import type { BytesHeld } from '../../limits/address/held-bytes';
import type { RefusalReason, StartRefusal } from '../../limits/refusal';

/** What one connection asks of the limits that it shares with others. */
export interface ConnectionLimits {
  /** Resolves with why nothing may be started now; undefined if it may, which then counts as started. Never rejects. */
  mayStart(): Promise<StartRefusal | undefined>;
  /** Counts bytes of incomplete messages. `evict` must end the connection. */
  hold(evict: () => void): BytesHeld;
  /** Counts what the client was refused. */
  count(reason: RefusalReason): void;
}

/** For a connection that shares no limits. */
export const UNSHARED: ConnectionLimits = {
  mayStart: async () => undefined,
  hold: () => ({ set: () => undefined, release: () => undefined }),
  count: () => undefined,
};
