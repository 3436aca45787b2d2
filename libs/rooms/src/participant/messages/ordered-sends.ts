import { describeError, type EngineLogger } from '@parley/engine';
import { inTime } from '../../shared/in-time';

/** A message that takes longer is given up, so that it does not hold back all others. */
const SEND_TIMEOUT_MS = 5_000;
/** Who is this far behind is not served by more of the same. */
const MAX_WAITING = 500;

/** Sends one message after the other, in the order given. A failure of one is logged and keeps nothing from the next. Never throws. */
export class OrderedSends {
  private tail: Promise<void> = Promise.resolve();
  private waitingCount = 0;
  private isClosed = false;

  constructor(private readonly logger: EngineLogger) {}

  /** How many have not been sent yet. */
  get waiting(): number {
    return this.waitingCount;
  }

  add(send: () => Promise<unknown>): void {
    if (this.isClosed || this.waitingCount >= MAX_WAITING) return;
    this.waitingCount += 1;
    this.tail = this.tail.then(() => this.perform(send));
  }

  /** Takes nothing more. Resolves when everything was sent, or that time is over. */
  async close(withinMs: number): Promise<void> {
    this.isClosed = true;
    await inTime(this.tail, withinMs).catch(() => undefined);
  }

  private async perform(send: () => Promise<unknown>): Promise<void> {
    try {
      await inTime(send(), SEND_TIMEOUT_MS);
    } catch (error) {
      this.logger.debug('a message to the room could not be sent', { error: describeError(error) });
    }
    this.waitingCount -= 1;
  }
}

/** Rejects when the promise takes longer. */
