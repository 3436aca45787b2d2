/** For how long an answer is good. */
const VALID_MS = 2_000;

/** Whether a service is there, as far as is known. Asking never takes longer than the first check. */
export class LastKnown {
  private answer: { isUp: boolean; atMs: number } | undefined;
  private checking: Promise<void> | undefined;

  /** `check` is bounded in time and never rejects. */
  constructor(
    private readonly check: () => Promise<boolean>,
    private readonly now = () => performance.now(),
  ) {}

  /** What was last known; false if nothing is. */
  get isUp(): boolean {
    return this.answer?.isUp ?? false;
  }

  set(isUp: boolean): void {
    this.answer = { isUp, atMs: this.now() };
  }

  /** What was last known. If that is old, it is checked for whoever asks next. */
  async get(): Promise<boolean> {
    if (this.answer === undefined || this.now() - this.answer.atMs > VALID_MS) this.checking ??= this.ask();
    if (this.answer === undefined) await this.checking;
    return this.isUp;
  }

  private async ask(): Promise<void> {
    this.set(await this.check());
    this.checking = undefined;
  }
}
