import type { Fault } from '../faults/fault';
import type { FaultScope } from '../faults/fault-scope';
import type { Recognition, RecognitionStream } from '../speech/ports';
import { sleep } from '../server/sleep';
import { RECOGNISER_RATE_HZ } from './pcm-decoder';

const withoutLastWords = (text: string, count: number): string => (count === 0 ? text : text.split(/\s+/u).slice(0, -count).join(' '));

/** One utterance on its way through the recogniser. Ends by `finish` or `cancel`. */
export class Utterance<F extends Fault> {
  #pushedMs = 0;
  #partialAtMs: number;
  #lastPartial = '';

  constructor(
    readonly index: number,
    /** Position of its first sample in the connection's audio. */
    readonly startMs: number,
    /** The fault scope that its frames are sent through. */
    readonly scope: FaultScope<F>,
    private readonly stream: RecognitionStream,
    private readonly partialEveryMs: number,
    /** This many of the last recognised words are left out of partials and appear only in the final. */
    private readonly withheldWords = 0,
  ) {
    this.#partialAtMs = partialEveryMs;
  }

  get audioMs(): number {
    return this.#pushedMs;
  }

  /** The last partial text that was returned. */
  get lastPartial(): string {
    return this.#lastPartial;
  }

  /** Takes audio; returns the text so far when a partial is due (by audio time) and has changed. */
  push(pcm: Int16Array): string | undefined {
    this.stream.push(pcm);
    this.#pushedMs += (pcm.length * 1000) / RECOGNISER_RATE_HZ;
    if (this.#pushedMs < this.#partialAtMs) return undefined;
    while (this.#partialAtMs <= this.#pushedMs) this.#partialAtMs += this.partialEveryMs;
    const partial = withoutLastWords(this.stream.partial, this.withheldWords);
    if (partial === '' || partial === this.#lastPartial) return undefined;
    this.#lastPartial = partial;
    return partial;
  }

  /**
   * Resolves with the result after `delayMs`, or later when recognition takes longer; with undefined when `signal` is aborted. Rejects
   * when the recogniser fails.
   */
  async finish(delayMs: number, signal: AbortSignal): Promise<Recognition | undefined> {
    const cancel = (): void => this.stream.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const [recognition, waited] = await Promise.all([this.stream.end(), sleep(delayMs, signal)]);
      return waited ? recognition : undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  cancel(): void {
    this.stream.cancel();
  }
}
