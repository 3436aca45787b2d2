/** A process that has lived for this long was sound; its end has nothing to do with those before it. */
const SOUND_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 500;
const GREATEST_DELAY_MS = 30_000;

/** How long to wait before a process that has ended is replaced: not at all at first, and longer each time that processes do not live long. */
export class RestartDelay {
  private nextMs = 0;

  /** To be called with how long the process has lived. Returns the delay in ms. */
  after(livedMs: number): number {
    if (livedMs >= SOUND_AFTER_MS) this.nextMs = 0;
    const delayMs = this.nextMs;
    this.nextMs = Math.min(Math.max(FIRST_DELAY_MS, delayMs * 2), GREATEST_DELAY_MS);
    return delayMs;
  }
}
