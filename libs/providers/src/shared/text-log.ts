/** Without a letter or a digit there is nothing to say. */
const SPEAKABLE = /[\p{L}\p{N}]/u;

/**
 * The sentences of one `speak` call, kept so that the call can start over, or go on from one of them, on another connection. Asks
 * its source for a sentence when a reader wants one; `close` lets go of the source and ends every reader.
 */
export class TextLog {
  readonly #sentences: string[] = [];
  #source: AsyncIterator<string> | undefined;
  #isAsking = false;
  #state: { type: 'open' } | { type: 'ended' } | { type: 'failed'; error: unknown } = { type: 'open' };
  #waiters: (() => void)[] = [];

  constructor(private readonly text: AsyncIterable<string>) {}

  /** Every sentence from the one of that index on, not counting those that hold nothing to say. Throws what the source threw. */
  async *read(fromIndex = 0): AsyncGenerator<string, void> {
    for (let index = fromIndex; ;) {
      const sentence = this.#sentences[index];
      if (sentence !== undefined) {
        index += 1;
        yield sentence;
      } else if (this.#state.type === 'failed') {
        throw this.#state.error;
      } else if (this.#state.type === 'ended') {
        return;
      } else {
        this.#ask();
        await new Promise<void>((resolve) => this.#waiters.push(resolve));
      }
    }
  }

  /** True as soon as there is something to say; false when the text ended without. Throws what the source threw. */
  hasText(): Promise<boolean> {
    return this.hasSentence(0);
  }

  /** True as soon as there is a sentence of that index; false when the text ended before it. Throws what the source threw. */
  async hasSentence(index: number): Promise<boolean> {
    for await (const sentence of this.read(index)) return sentence.length > 0;
    return false;
  }

  /** Ends every reader and tells the source that no more is wanted. Idempotent. */
  close(): void {
    if (this.#state.type !== 'open') return;
    this.#sentences.length = 0;
    this.#settle({ type: 'ended' });
    // A source that is in the middle of something answers when it is done; nobody waits for it.
    this.#source?.return?.().catch(() => undefined);
  }

  /** For one more sentence, unless that is under way. */
  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#source ??= this.text[Symbol.asyncIterator]();
    this.#source.next().then(
      (result) => this.#take(result),
      (error: unknown) => this.#settle({ type: 'failed', error }),
    );
  }

  #take(result: IteratorResult<string, unknown>): void {
    this.#isAsking = false;
    if (result.done) return this.#settle({ type: 'ended' });
    const sentence = result.value.trim();
    if (this.#state.type === 'open' && SPEAKABLE.test(sentence)) this.#sentences.push(sentence);
    this.#wake();
  }

  #settle(state: { type: 'ended' } | { type: 'failed'; error: unknown }): void {
    if (this.#state.type === 'open') this.#state = state;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
