/** Text without any letter or digit has nothing to speak. */
const SPEAKABLE = /[\p{L}\p{N}]/u;

/**
 * The sentences of one `speak` call, kept so that the call can start over, or continue at one of them, on another connection. A sentence is
 * requested from the source when a reader needs one. `close` leaves the source and ends every reader.
 */
export class TextLog {
  readonly #sentences: string[] = [];
  #source: AsyncIterator<string> | undefined;
  #isAsking = false;
  #state: { type: 'open' } | { type: 'ended' } | { type: 'failed'; error: unknown } = { type: 'open' };
  #waiters: (() => void)[] = [];

  constructor(private readonly text: AsyncIterable<string>) {}

  /** Yields every sentence from the given index on. Sentences with nothing to speak are not counted. Throws the error of the source. */
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

  /** Resolves to true as soon as there is something to speak, or to false if the text ended without. Throws the error of the source. */
  hasText(): Promise<boolean> {
    return this.hasSentence(0);
  }

  /**
   * Resolves to true as soon as there is a sentence with that index, or to false if the text ended before it. Throws the error of the
   * source.
   */
  async hasSentence(index: number): Promise<boolean> {
    for await (const sentence of this.read(index)) return sentence.length > 0;
    return false;
  }

  /** Ends every reader and tells the source that no more text is needed. Idempotent. */
  close(): void {
    if (this.#state.type !== 'open') return;
    this.#sentences.length = 0;
    this.#settle({ type: 'ended' });
    // A source that is busy answers only when it is done, and nobody waits for that.
    this.#source?.return?.().catch(() => undefined);
  }

  /** Requests one more sentence, unless one has already been requested. */
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
