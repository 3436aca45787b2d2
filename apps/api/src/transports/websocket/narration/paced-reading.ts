import type { ClientSocket } from '../client-socket';

/** Cost of a message and of its content; parts of JSON are slow to parse. */
const COST_PER_MESSAGE = 1;
const COST_PER_KILOBYTE = 4;
const COST_PER_PART = 0.25;
/** What may be read at once, and in each second in the long run: about 1 000 messages, or 250 kilobytes. */
const BURST = 4_000;
const PER_SECOND = 1_000;

/**
 * Reads no faster than the server is willing to work for one client. A client that sends faster is not refused anything, because every piece
 * of a text counts: its socket is not read for a while, and so its own send buffer fills up.
 */
export class PacedReading {
  private balance = BURST;
  private countedAtMs: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Pick<ClientSocket, 'pause' | 'resume'>,
    private readonly now: () => number,
  ) {
    this.countedAtMs = now();
  }

  /** Whether the socket is not read at the moment. */
  get isPaused(): boolean {
    return this.timer !== undefined;
  }

  /** Counts a message that was read. */
  count(byteLength: number, parts = 0): void {
    const nowMs = this.now();
    this.balance = Math.min(BURST, this.balance + ((nowMs - this.countedAtMs) * PER_SECOND) / 1000);
    this.countedAtMs = nowMs;
    this.balance -= COST_PER_MESSAGE + (byteLength / 1024) * COST_PER_KILOBYTE + parts * COST_PER_PART;
    if (this.balance >= 0 || this.timer !== undefined) return;
    this.socket.pause();
    this.timer = setTimeout(() => this.resume(), (-this.balance * 1000) / PER_SECOND);
  }

  /** Reads on; for a socket that is being closed. Idempotent. */
  stop(): void {
    if (this.timer !== undefined) this.resume();
  }

  private resume(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.socket.resume();
  }
}
