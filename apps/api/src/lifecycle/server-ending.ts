export interface ServerEndingOptions {
  /** Takes no new conversations, and lets those that are going on continue for at most so long. */
  drain: (withinMs: number) => Promise<void>;
  /** Ends everything that is still going on, and releases it. */
  close: () => Promise<void>;
  exit: (code: number) => void;
  onFailure: (error: unknown) => void;
}

/** How long everything may take that is left after the drain. */
const CLOSE_MS = 30_000;

/** The end of a server, which begins once. */
export class ServerEnding {
  private hasBegun = false;

  constructor(private readonly options: ServerEndingOptions) {}

  /** Drains for `drainMs`, closes everything and exits. If the end has begun for another reason, a failure (`exitCode` not 0) exits at once. */
  begin(drainMs: number, exitCode = 0): void {
    const { exit } = this.options;
    if (!this.hasBegun) {
      this.hasBegun = true;
      void this.run(drainMs).then((isClosed) => exit(isClosed ? exitCode : 1));
    } else if (exitCode !== 0) exit(exitCode);
  }

  /** Resolves with false if something could not be closed. */
  private async run(drainMs: number): Promise<boolean> {
    const { drain, close, exit, onFailure } = this.options;
    try {
      await drain(drainMs);
      const timer = setTimeout(() => exit(1), CLOSE_MS);
      await close();
      clearTimeout(timer);
      return true;
    } catch (error) {
      onFailure(error);
      return false;
    }
  }
}
