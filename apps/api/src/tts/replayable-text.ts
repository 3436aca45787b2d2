/** A stream of sentences that can be read again from its start: what was read is kept, the rest is read once. */
export class ReplayableText {
  private readonly read: string[] = [];
  private readonly source: AsyncIterator<string>;
  /** The read that is under way; a second reader waits for the same one instead of losing it. */
  private pending: Promise<boolean> | undefined;

  constructor(text: AsyncIterable<string>) {
    this.source = text[Symbol.asyncIterator]();
  }

  async *fromStart(): AsyncGenerator<string> {
    for (let index = 0; ; index++) {
      if (index === this.read.length && !(await this.readNext())) return;
      const sentence = this.read[index];
      if (sentence !== undefined) yield sentence;
    }
  }

  /** False at the source's end. */
  private readNext(): Promise<boolean> {
    this.pending ??= this.takeOne();
    return this.pending;
  }

  /** What it took is kept before anybody can ask for more. A failure stays: every reader meets it. */
  private async takeOne(): Promise<boolean> {
    const result = await this.source.next();
    this.pending = undefined;
    if (result.done) return false;
    this.read.push(result.value);
    return true;
  }
}
