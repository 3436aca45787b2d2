/** A browser that allows sound starts it almost at once. After this long, it is waiting for a click of the visitor. */
export const RESUME_TIMEOUT_MS = 1_000;

/**
 * Watches whether the browser runs an audio context, and asks for it at once and whenever the page is shown again. Also reports a context that
 * is never allowed to run, about which the browser sends no event. Closed by its owner, which also owns the context.
 */
export class SoundSwitch {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly shown = (): void => {
    if (document.visibilityState === 'visible' && this.context.state !== 'running') this.resume();
  };

  constructor(
    private readonly context: AudioContext,
    private readonly onRunning: (running: boolean) => void,
  ) {
    context.onstatechange = () => this.tell();
    document.addEventListener('visibilitychange', this.shown);
  }

  /** Asks the browser to run the sound. If it was refused before, this must be called from a click. */
  resume(): void {
    this.context.resume().catch(() => undefined);
    if (this.context.state !== 'running') this.timer ??= setTimeout(() => this.tell(), RESUME_TIMEOUT_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    this.context.onstatechange = null;
    document.removeEventListener('visibilitychange', this.shown);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.onRunning(this.context.state === 'running');
  }
}
