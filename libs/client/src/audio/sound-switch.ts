/** A browser that lets the sound begin does so within a moment; one that has not by now is waiting for the visitor. */
export const RESUME_TIMEOUT_MS = 1_000;

/**
 * Watches whether the browser runs an audio context, and asks for it: at once, and whenever the page is shown again. Tells its owner also of
 * a context that is never let run, of which the browser says nothing. The owner closes it; the context is not its own.
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

  /** Asks the browser to let the sound run; from a click, where it was refused before. */
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
