/** Why the server did not do what a client asked of it. The label of a metric, so the set is closed. */
export const REFUSAL_REASONS = [
  'load',
  'address_connections',
  'address_starts',
  'address_unstarted_bytes',
  'start_timeout',
  'message_rate',
  'message_size',
  'slow_reader',
] as const;
/** One of `REFUSAL_REASONS`. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Nothing may be started now. */
export interface StartRefusal {
  code: 'server_busy' | 'rate_limited';
  /** Plain words for the user. */
  message: string;
  /** When it is worth trying again, in ms from now. */
  retryAfterMs: number;
}

/** Thrown where a start is refused. */
export class StartRefused extends Error {
  constructor(readonly refusal: StartRefusal) {
    super(refusal.message);
    this.name = 'StartRefused';
  }
}
