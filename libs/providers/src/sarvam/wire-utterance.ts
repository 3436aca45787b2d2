import { ProviderError } from '../ports/provider-error';
import { Watchdog } from '../shared/watchdog';
import { SARVAM } from './sarvam-errors';
import type { SarvamDialect } from './sarvam-dialect';
import type { SequenceUpdate, UtteranceSequence } from './utterance-sequence';

/** Receives the results of an utterance on a connection. */
export interface WireListener {
  result(text: string, isFinal: boolean): void;
  /** Called when the vendor detected speech for which no result has arrived. The final that follows contains all there is. */
  wordless(): void;
  /** Called when there will be no (further) result. */
  failed(error: ProviderError): void;
}

/** The services that an utterance needs from its connection. */
export interface Wire {
  readonly dialect: SarvamDialect;
  readonly sequence: UtteranceSequence<WireUtterance>;
  readonly finalTimeoutMs: number;
  send(message: object): void;
  /** Ends the connection, because its messages can no longer be trusted. */
  terminate(): void;
  /** Ends the connection although it is in order, because its results could no longer be assigned to an utterance. */
  giveUp(): void;
  /** Returns true while somebody waits for another utterance on the connection. */
  isSharedBy(utterance: WireUtterance): boolean;
  left(utterance: WireUtterance): void;
}

/** The waiting time for an utterance all of whose parts have their finals before its end. It may get no further answer. */
const SETTLED_GRACE_MS = 1_000;
/**
 * The vendor splits longer speech than this into several finals, which arrive together. A shorter utterance waits only for messages that
 * have already arrived.
 */
const LONG_SPEECH_MS = 8_000;
const LONG_SPEECH_GRACE_MS = 120;
/**
 * The vendor sends no result for speech without words. If no result follows the end of the speech within this share of the usual time, the
 * speech counts as having no words. Results of live speech arrive sooner in 99 of 100 cases.
 */
const WORDLESS_SHARE = 0.5;
/** Lower limit of that time, because losing words is worse than waiting a moment. */
const LEAST_WORDLESS_MS = 1_000;
const SAMPLES_PER_MS = 16;
/** A limit of results that depends on the length of the audio of an utterance. */
interface Bound {
  atLeast: number;
  perSecond: number;
}
/**
 * Limits of the results and of their characters. Partials arrive a few times a second, and the fastest speech has about a third as many
 * characters.
 */
const RESULTS: Bound = { atLeast: 200, perSecond: 20 };
const CHARACTERS: Bound = { atLeast: 1_000, perSecond: 60 };
/**
 * Audio is streamed while it is spoken, except for up to this much from before the utterance, which the vendor has processed when the
 * utterance ends.
 */
const USUAL_LEAD_MS = 1_000;
/**
 * More audio arrives at once only after a lost connection or a failed try. A recogniser of live speech processes audio at least twice as
 * fast as it is spoken.
 */
const HEARING_SHARE = 0.5;

/**
 * One utterance as the vendor sees it. It begins, ends, and has a final to come even if nobody waits for that any more. It belongs to its
 * connection.
 */
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

  /** True while somebody waits for its results. */
  get isWaitedFor(): boolean {
    return this.#listener !== undefined;
  }

  audio(pcm: Int16Array): void {
    if (this.#isEnded) return;
    this.#audioMs += pcm.length / SAMPLES_PER_MS;
    this.wire.send(this.wire.dialect.audio(pcm));
  }

  /** Asks the vendor for the final. Idempotent. */
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

  /**
   * Stops waiting for the utterance. The protocol has no message to discard one, so it is ended and its results are dropped. Idempotent.
   */
  abandon(): void {
    if (this.#isDone) return;
    this.#listener = undefined;
    if (this.wire.dialect.tellsUtterancesApart) this.end();
    else this.wire.giveUp();
  }

  /** Takes a result that the sequence has assigned to this utterance. */
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
    // `setImmediate` is used because the shortest timer takes a millisecond, which would delay every answer.
    if (this.#audioMs < LONG_SPEECH_MS) this.#soon ??= setImmediate(() => this.#finish(this.#text));
    else if (!this.#complete.isArmed) this.#complete.arm(LONG_SPEECH_GRACE_MS);
  }

  /** Called when the connection has ended. */
  lost(error: ProviderError): void {
    if (this.#complete.isArmed || this.#soon) return this.#finish(this.#text);
    const listener = this.#listener;
    this.#done();
    listener?.failed(error);
  }

  /** After the end of the utterance, and once the vendor detects no more speech, waits for words only as long as they usually take. */
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
    // A result that is merely late would otherwise be assigned to the next utterance.
    if (!this.wire.dialect.tellsUtterancesApart) this.wire.giveUp();
    this.#finish(text);
  }

  /** Returns the additional time in milliseconds that the vendor may need for audio that arrived faster than it was spoken. */
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
    // The connection may be faulty, so no further utterance begins on it. It is not ended while another utterance uses it, because the
    // fault is not certain.
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
