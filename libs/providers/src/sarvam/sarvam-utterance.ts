import { AsyncQueue } from '../shared/async-queue';
import { Chunker } from '../pcm/chunker';
import { ProviderError } from '../ports/provider-error';
import type { SttUtterance, Transcript } from '../ports/speech-to-text';
import type { SarvamConnection } from './sarvam-connection';
import { SARVAM } from './sarvam-errors';
import type { WireUtterance } from './wire-utterance';

const SAMPLE_RATE_HZ = 16_000;
const CHUNK_SAMPLES = SAMPLE_RATE_HZ / 10;
/**
 * Limit of the audio that is kept while no connection is ready: slightly more than two minutes, the default maximum of a user turn, all of
 * which may be replayed at once.
 */
const MOST_BACKLOG_CHUNKS = 1_300;

export interface UtteranceHost {
  /** Called when the utterance has its first audio but no connection yet. */
  wantsConnection(utterance: SarvamUtterance): void;
  /** Called when the utterance is over for any reason. */
  left(utterance: SarvamUtterance): void;
}

/**
 * One utterance as its caller sees it. It combines frames into messages, keeps them until a connection is ready, and ends in exactly one
 * way.
 */
export class SarvamUtterance implements SttUtterance {
  readonly #transcripts = new AsyncQueue<Transcript>({ onLeave: () => this.#leave() });
  readonly #chunker = new Chunker(CHUNK_SAMPLES);
  readonly #onAbort = () => this.discard();
  #backlog: Int16Array[] = [];
  #onWire: WireUtterance | undefined;
  #hasAudio = false;
  #hasEnded = false;
  #isOver = false;
  #isInDoubt = false;
  #lastText = '';

  constructor(
    private readonly host: UtteranceHost,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get transcripts(): AsyncIterable<Transcript> {
    return this.#transcripts;
  }

  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** True if the utterance has audio but no connection on which to send it. */
  get isWaiting(): boolean {
    return !this.#isOver && this.#hasAudio && this.#onWire === undefined;
  }

  /** True once the utterance accepts no more audio. Its final may still arrive. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  push(pcm: Int16Array): void {
    if (this.#hasEnded || this.#isOver) return;
    for (const chunk of this.#chunker.push(pcm)) this.#take(chunk);
  }

  end(): void {
    if (this.#hasEnded || this.#isOver) return;
    this.#hasEnded = true;
    const rest = this.#chunker.flush();
    if (rest) this.#take(rest);
    if (this.#hasAudio) this.#onWire?.end();
    else this.#result('', true);
  }

  /** Begins a waiting utterance on a connection and sends all of its audio so far. */
  attach(connection: SarvamConnection): void {
    if (!this.isWaiting) return;
    const onWire = connection.begin({
      result: (text, isFinal) => this.#result(text, isFinal),
      wordless: () => (this.#isInDoubt = true),
      failed: (error) => this.fail(error),
    });
    this.#onWire = onWire;
    for (const chunk of this.#backlog.splice(0)) onWire.audio(chunk);
    if (this.#hasEnded) onWire.end();
  }

  /** Ends with an error. Has no effect once the utterance is over. */
  fail(error: ProviderError): void {
    this.#transcripts.fail(error);
    this.#leave();
  }

  /** Ends without a final and without an error. Has no effect once the utterance is over. */
  discard(): void {
    if (this.#isOver) return;
    this.#transcripts.discard();
    this.#leave();
  }

  #take(chunk: Int16Array): void {
    this.#hasAudio = true;
    if (this.#onWire) return this.#onWire.audio(chunk);
    if (this.#backlog.length >= MOST_BACKLOG_CHUNKS) {
      return this.fail(new ProviderError(SARVAM, 'unavailable', 'sarvam could not be reached for the length of the utterance'));
    }
    this.#backlog.push(chunk);
    if (this.#backlog.length === 1) this.host.wantsConnection(this);
  }

  #result(text: string, isFinal: boolean): void {
    if (isFinal) {
      this.#transcripts.push({ text, isFinal });
      this.#transcripts.end();
      this.#leave();
    } else if (text !== this.#lastText) {
      this.#lastText = text;
      // Each transcript contains the whole text so far, so one that has not been read yet is outdated.
      this.#transcripts.replaceLast({ text, isFinal });
    }
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#backlog = [];
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#onWire?.abandon();
    this.host.left(this);
  }
}
