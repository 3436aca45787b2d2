import type { NarrationPiece } from '../../ports/narration';
import { isSpoken, lastBreak } from './word-breaks';

/**
 * The text of one narration, kept so that it can continue at any position on another connection. A piece is requested from the source when
 * a reader needs one. `close` leaves the source and wakes every reader.
 */
export class NarrationText {
  #text = '';
  #readyTo = 0;
  #flushes: number[] = [];
  #source: AsyncIterator<NarrationPiece> | undefined;
  #isAsking = false;
  #state: { type: 'open' } | { type: 'ended' } | { type: 'failed'; error: unknown } = { type: 'open' };
  #waiters: (() => void)[] = [];

  constructor(private readonly pieces: AsyncIterable<NarrationPiece>) {}

  /** The text so far. */
  get text(): string {
    return this.#text;
  }

  /** The position up to which the text may be spoken: the end of a word, of a flushed piece or of the text. */
  get readyTo(): number {
    return this.#readyTo;
  }

  /** True if no more text will come. */
  get isEnded(): boolean {
    return this.#state.type !== 'open';
  }

  /** Returns the first position behind `position` up to which the text was flushed. */
  flushBehind(position: number): number | undefined {
    return this.#flushes.find((flush) => flush > position);
  }

  /** Whether there is anything to speak between two positions. */
  isSpeakable(from: number, to = this.#text.length): boolean {
    return isSpoken(this.#text.slice(from, to));
  }

  /** Requests a piece unless one has already been requested, and resolves at the next change. Rejects with the error of the source. */
  async changed(): Promise<void> {
    if (this.#state.type === 'open') {
      this.#ask();
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    if (this.#state.type === 'failed') throw this.#state.error;
  }

  /** Wakes everyone who waits for a change. */
  wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }

  /** Waits until there is something to speak behind `position`. Resolves to false if the text ends without. Rejects as `changed` does. */
  async hasMore(position: number): Promise<boolean> {
    while (!this.isSpeakable(position, this.#readyTo) && !this.isEnded) await this.changed();
    if (this.#state.type === 'failed') throw this.#state.error;
    return this.isSpeakable(position, this.#readyTo);
  }

  /** Tells the source that no more text is needed. Idempotent. */
  close(): void {
    if (this.#state.type !== 'open') return;
    this.#state = { type: 'ended' };
    this.wake();
    // A source that is busy answers only when it is done, and nobody waits for that.
    this.#source?.return?.().catch(() => undefined);
  }

  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#source ??= this.pieces[Symbol.asyncIterator]();
    this.#source.next().then(
      (result) => this.#take(result),
      (error: unknown) => this.#settle({ type: 'failed', error }),
    );
  }

  #take(result: IteratorResult<NarrationPiece, unknown>): void {
    this.#isAsking = false;
    if (result.done) return this.#settle({ type: 'ended' });
    if (this.#state.type !== 'open') return;
    const { text, flush = false } = result.value;
    this.#text += text;
    this.#readyTo = flush ? this.#text.length : lastBreak(this.#text, this.#readyTo);
    if (flush && this.#flushes.at(-1) !== this.#text.length) this.#flushes.push(this.#text.length);
    this.wake();
  }

  #settle(state: { type: 'ended' } | { type: 'failed'; error: unknown }): void {
    if (this.#state.type === 'open') {
      this.#state = state;
      this.#readyTo = this.#text.length;
    }
    this.wake();
  }
}
