import { FRAME_MS } from '@parley/engine';

/** After a pause of the process that was longer, the clock does not make up for it: nobody was heard then. */
export const MAX_CATCH_UP_MS = 1_000;

/**
 * The clock of the audio that a conversation gets: one frame for every 20 ms of real time, however many people speak, and however late the
 * timer fires.
 */
export class FrameClock {
  private givenMs = 0;

  constructor(private startMs: number) {}

  /** Whether the next frame is due. */
  isDue(nowMs: number): boolean {
    const lateMs = nowMs - this.startMs - this.givenMs;
    if (lateMs > MAX_CATCH_UP_MS) this.startMs += lateMs - MAX_CATCH_UP_MS;
    return nowMs - this.startMs - this.givenMs >= FRAME_MS;
  }

  /** A frame was given. */
  count(): void {
    this.givenMs += FRAME_MS;
  }

  /** When the next frame is due, in ms from now. */
  dueInMs(nowMs: number): number {
    return Math.max(0, this.startMs + this.givenMs + FRAME_MS - nowMs);
  }
}
