import { ProviderError } from '../ports/provider-error';
import { Watchdog } from '../shared/watchdog';
import { SARVAM } from './sarvam-errors';
import type { SarvamDialect } from './sarvam-dialect';
import type { SequenceUpdate, UtteranceSequence } from './utterance-sequence';

/** Who waits for the results of an utterance that is on the wire. */
export interface WireListener {
  result(text: string, isFinal: boolean): void;
  /** The vendor heard speech for which no result has come. The final, which follows, is what there is. */
  wordless(): void;
  /** There will be no (further) result. */
  failed(error: ProviderError): void;
}

/** What a wire utterance needs of its connection. */
export interface Wire {
  readonly dialect: SarvamDialect;
  readonly sequence: UtteranceSequence<WireUtterance>;
  readonly finalTimeoutMs: number;
  send(message: object): void;
  /** Ends the connection: what it says can no longer be trusted. */
  terminate(): void;
  /** Ends the connection, which is sound, because what it says could not be told apart any more. */
  giveUp(): void;
  /** True while somebody waits for another utterance on it. */
  isSharedBy(utterance: WireUtterance): boolean;
  left(utterance: WireUtterance): void;
}

/** An utterance whose every part has its final before it is ended may get no further answer. */
const SETTLED_GRACE_MS = 1_000;
/** The vendor cuts long speech into several finals, which come together. A short utterance waits no longer than for what has already arrived. */
const LONG_SPEECH_MS = 8_000;
const LONG_SPEECH_GRACE_MS = 120;
/**
 * The vendor sends no result for speech without words. One that does not follow the end of the speech for this share of the usual time is
 * taken for such a one: results of live speech come sooner, but for one in a hundred.
 */
const WORDLESS_SHARE = 0.5;
/** Words that are thrown away cost more than a moment of waiting. */
const LEAST_WORDLESS_MS = 1_000;
const SAMPLES_PER_MS = 16;
/** What there can be of an utterance, by the length of its audio. */
interface Bound {
  atLeast: number;
  perSecond: number;
}
/** Partials come a few times a second; three times as fast as anyone speaks. */
const RESULTS: Bound = { atLeast: 200, perSecond: 20 };
const CHARACTERS: Bound = { atLeast: 1_000, perSecond: 60 };
/** Audio is streamed as it is spoken, but for so much from before: the vendor has heard it when it ends. */
const USUAL_LEAD_MS = 1_000;
/** Beyond that it comes at once, after a lost connection or a failed try. A recogniser of live speech hears twice as fast as one speaks, at least. */
const HEARING_SHARE = 0.5;

/** One utterance as the vendor sees it: begun, ended, and owed a final, also when nobody waits for that any more. Belongs to its connection. */
export class WireUtterance {
  readonly #overdue = new Watchdog(() => this.#isOverdue());
  readonly #complete = new Watchdog(() => this.#finish(this.#text));
  readonly #wordless = new Watchdog(() => this.#hasNoMoreWords());
  #soon: NodeJS.Immediate | undefined;
  readonly #begunAtMs = performance.now();
  #catchUpMs = 0;
  #audioMs = 0;
  #text = '';
  #results = 0;
  #isEnded = false;
  #isDone = false;
  #listener: WireListener | undefined;

  constructor(
    private readonly wire: Wire,
    listener: WireListener,
  ) {
    this.#listener = listener;
    const begin = wire.dialect.beginUtterance();
    if (begin) wire.send(begin);
    wire.sequence.begin(this);
  }

  /** Somebody waits for its results. */
  get isWaitedFor(): boolean {
    return this.#listener !== undefined;
  }

  audio(pcm: Int16Array): void {
    if (this.#isEnded) return;
    this.#audioMs += pcm.length / SAMPLES_PER_MS;
    this.wire.send(this.wire.dialect.audio(pcm));
  }

  /** Asks for the final. Idempotent. */
  end(): void {
    if (this.#isEnded || this.#isDone) return;
    this.#isEnded = true;
    this.wire.send(this.wire.dialect.endUtterance());
    this.wire.sequence.end(this);
    const { finalTimeoutMs } = this.wire;
    const isSettled = this.wire.sequence.settled(this) !== undefined;
    this.#catchUpMs = this.#missingMs();
    this.#overdue.arm(isSettled ? Math.min(SETTLED_GRACE_MS, finalTimeoutMs) : finalTimeoutMs + this.#catchUpMs);
    this.#watchSilence();
  }

  /** Nobody waits any more. The vendor has no word for it, so it is ended and its results fall to nobody. Idempotent. */
  abandon(): void {
    if (this.#isDone) return;
    this.#listener = undefined;
    if (this.wire.dialect.tellsUtterancesApart) this.end();
    else this.wire.giveUp();
  }

  /** A result that the sequence found to be this utterance's. */
  accept({ text, isComplete }: SequenceUpdate<WireUtterance>): void {
    this.#results += 1;
    if (this.#results > this.#bound(RESULTS) || text.length > this.#bound(CHARACTERS)) return this.#isTooMuch();
    this.#text = text;
    if (!isComplete) {
      this.#watchSilence();
      return this.#listener?.result(text, false);
    }
    this.#wordless.disarm();
    if (!this.#listener) return this.#finish(text);
    // Not a timer of no time: that would be a millisecond, and every answer waits for this.
    if (this.#audioMs < LONG_SPEECH_MS) this.#soon ??= setImmediate(() => this.#finish(this.#text));
    else if (!this.#complete.isArmed) this.#complete.arm(LONG_SPEECH_GRACE_MS);
  }

  /** The connection is gone. */
  lost(error: ProviderError): void {
    if (this.#complete.isArmed || this.#soon) return this.#finish(this.#text);
    const listener = this.#listener;
    this.#done();
    listener?.failed(error);
  }

  /** Once it has been ended: waits for words no longer than they take when the vendor hears no more speech. */
  #watchSilence(): void {
    if (!this.#isEnded) return;
    if (this.wire.sequence.fallenSilent(this) !== undefined) {
      this.#wordless.arm(Math.max(LEAST_WORDLESS_MS, WORDLESS_SHARE * this.wire.finalTimeoutMs) + this.#catchUpMs);
      return;
    }
    const wasSilent = this.#wordless.isArmed;
    this.#wordless.disarm();
    if (wasSilent && !this.#overdue.isArmed) this.#overdue.arm(this.wire.finalTimeoutMs);
  }

  #hasNoMoreWords(): void {
    const text = this.wire.sequence.fallenSilent(this) ?? this.#text;
    this.#listener?.wordless();
    // A result that is only late would be taken for the next utterance's.
    if (!this.wire.dialect.tellsUtterancesApart) this.wire.giveUp();
    this.#finish(text);
  }

  /** What the vendor may need for audio that came faster than it was spoken. */
  #missingMs(): number {
    const aheadMs = this.#audioMs - (performance.now() - this.#begunAtMs);
    return HEARING_SHARE * Math.max(0, aheadMs - USUAL_LEAD_MS);
  }

  #bound({ atLeast, perSecond }: Bound): number {
    return atLeast + (perSecond * this.#audioMs) / 1000;
  }

  #isTooMuch(): void {
    this.wire.terminate();
    this.lost(new ProviderError(SARVAM, 'bad_response', 'sarvam sent more than can have been said'));
  }

  #isOverdue(): void {
    if (this.#wordless.isArmed) return;
    const text = this.wire.sequence.settled(this);
    if (text !== undefined || !this.#listener) return this.#finish(text ?? '');
    // Something is wrong with the connection: nothing more is begun on it. But it is not so sure that another utterance should be lost with it.
    if (!this.wire.isSharedBy(this)) this.wire.terminate();
    this.lost(new ProviderError(SARVAM, 'timeout', 'sarvam did not send the final transcript in time'));
  }

  #finish(text: string): void {
    const listener = this.#listener;
    this.#done();
    listener?.result(text, true);
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#listener = undefined;
    this.#overdue.disarm();
    this.#complete.disarm();
    this.#wordless.disarm();
    clearImmediate(this.#soon);
    this.wire.sequence.forget(this);
    this.wire.left(this);
  }
}
