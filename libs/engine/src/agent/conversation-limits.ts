export interface ConversationLimitsOptions {
  inactivityTimeoutMs: number;
  maxSessionMs: number;
  now: () => number;
  /** Whether something is going on that is no quiet, however long it takes. */
  isBusy: () => boolean;
  endingSoon: (inMs: number) => void;
  inactive: () => void;
  over: () => void;
}

/** The end of a conversation of the greatest length is announced this long before. */
const ENDING_NOTICE_MS = 30_000;

/** How long a conversation may be quiet, and how long it may last. Stopped by its owner. */
export class ConversationLimits {
  private timer: NodeJS.Timeout | undefined;
  private startedAtMs = 0;
  private activeAtMs = 0;
  private endingTold = false;

  constructor(private readonly options: ConversationLimitsOptions) {}

  start(): void {
    this.startedAtMs = this.options.now();
    this.active();
    this.look();
  }

  /** Somebody speaks, or has spoken just now, or at `atMs`. */
  active(atMs: number = this.options.now()): void {
    this.activeAtMs = Math.max(this.activeAtMs, atMs);
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    const { now, isBusy, inactivityTimeoutMs, maxSessionMs, endingSoon, inactive, over } = this.options;
    const atMs = now();
    const leftMs = this.startedAtMs + maxSessionMs - atMs;
    if (leftMs <= 0) return over();
    if (isBusy()) this.activeAtMs = atMs;
    const quietLeftMs = this.activeAtMs + inactivityTimeoutMs - atMs;
    if (quietLeftMs <= 0) return inactive();
    if (!this.endingTold && leftMs <= ENDING_NOTICE_MS) {
      this.endingTold = true;
      endingSoon(Math.round(leftMs));
    }
    const untilNoticeMs = this.endingTold ? leftMs : leftMs - ENDING_NOTICE_MS;
    this.timer = setTimeout(() => this.look(), Math.max(1, Math.min(quietLeftMs, untilNoticeMs)));
  }
}
