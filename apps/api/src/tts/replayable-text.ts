/** A stream of sentences that can be read again from its start: what was read is kept, the rest is read once. */
export class ReplayableText {
  private readonly read: string[] = [];
  private readonly source: AsyncIterator<string>;
  /** The read that is under way; a second reader waits for the same one instead of losing it. */
  private pending: Promise<IteratorResult<string>> | undefined;

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

  private async readNext(): Promise<boolean> {
    const known = this.read.length;
    this.pending ??= this.source.next().finally(() => (this.pending = undefined));
    const result = await this.pending;
    if (result.done) return false;
    if (this.read.length === known) this.read.push(result.value);
    return true;
  }
}
