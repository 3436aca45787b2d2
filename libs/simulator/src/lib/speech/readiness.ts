/** A promise that a pool settles once: the first process that can work, or the news that none ever will. */
export class Readiness {
  readonly promise: Promise<void>;
  private resolvePromise: () => void = () => undefined;
  private rejectPromise: (error: Error) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolvePromise = resolve;
      this.rejectPromise = reject;
    });
    // The promise may be left unhandled.
    this.promise.catch(() => undefined);
  }

  /** The first process is ready. */
  reached(): void {
    this.resolvePromise();
  }

  /** There will be none; without effect once one was ready. */
  never(reason: string): void {
    this.rejectPromise(new Error(reason));
  }
}
