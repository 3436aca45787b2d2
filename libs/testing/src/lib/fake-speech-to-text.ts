import {
  AsyncQueue,
  type ProviderErrorCode,
  type ProviderInfo,
  type SpeechToText,
  type SttOptions,
  type SttSession,
  type SttUtterance,
  type Transcript,
} from '@parley/providers';
import { SYSTEM_CLOCK, sleep, type Clock } from './clock';
import { FAKE_INFO, fakeFailure, type FakeOutcome } from './fake-failure';

/** The result of one utterance. Partials depend only on the pushed audio, and the final only on `end()`. */
export interface FakeUtteranceScript {
  /** The final text. Partials are its first words. */
  text: string;
  /** Milliseconds of audio per word. Default: 200. */
  wordMs?: number;
  /** From `end()` to the final, on the clock, default 0. */
  finalDelayMs?: number;
  /** Fails with the first audio, or where the final would come. */
  failure?: { code: ProviderErrorCode; at: 'audio' | 'final' };
  /** The final never comes. */
  stalls?: boolean;
  /** The final is `isInDoubt`. */
  isInDoubt?: boolean;
}

export interface FakeSpeechToTextOptions {
  info?: ProviderInfo;
  clock?: Clock;
  /** The script of the nth utterance (from 0, over all sessions); `manual` leaves it to the test. Default: an empty text. */
  script?: (index: number) => FakeUtteranceScript | 'manual';
}

const SAMPLES_PER_MS = 16;

/** A recogniser that answers as scripted and records how it was used. */
export class FakeSpeechToText implements SpeechToText {
  readonly info: ProviderInfo;
  readonly sessions: FakeSttSession[] = [];
  readonly utterances: FakeUtterance[] = [];

  constructor(private readonly options: FakeSpeechToTextOptions = {}) {
    this.info = options.info ?? FAKE_INFO;
  }

  /** Sessions that were not closed. */
  get openSessions(): number {
    return this.sessions.filter(({ isClosed }) => !isClosed).length;
  }

  /** Utterances that have not ended in any way. */
  get openUtterances(): number {
    return this.utterances.filter(({ outcome }) => outcome === 'open').length;
  }

  open(options: SttOptions, signal: AbortSignal): FakeSttSession {
    const session = new FakeSttSession(options, signal, (utteranceSignal) => this.#utterance(utteranceSignal));
    this.sessions.push(session);
    return session;
  }

  #utterance(signal: AbortSignal): FakeUtterance {
    const script = this.options.script?.(this.utterances.length) ?? { text: '' };
    const utterance = new FakeUtterance(script, signal, this.info, this.options.clock ?? SYSTEM_CLOCK);
    this.utterances.push(utterance);
    return utterance;
  }
}

export class FakeSttSession implements SttSession {
  readonly utterances: FakeUtterance[] = [];
  readonly #onAbort = () => void this.close();
  #isClosed = false;

  constructor(
    /** As given to `open`. */
    readonly options: SttOptions,
    readonly signal: AbortSignal,
    private readonly begin: (signal: AbortSignal) => FakeUtterance,
  ) {
    if (signal.aborted) this.#isClosed = true;
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  utterance(signal: AbortSignal): FakeUtterance {
    for (const other of this.utterances) if (!other.isEnded) other.cancel();
    const utterance = this.begin(signal);
    this.utterances.push(utterance);
    if (this.#isClosed) utterance.cancel();
    return utterance;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.signal.removeEventListener('abort', this.#onAbort);
    for (const utterance of this.utterances) utterance.cancel();
    return Promise.resolve();
  }
}

/** One utterance; the results of a `manual` one come from the test. */
export class FakeUtterance implements SttUtterance {
  readonly #transcripts = new AsyncQueue<Transcript>({ onLeave: () => this.cancel() });
  readonly #stop = new AbortController();
  readonly #onAbort = () => this.cancel();
  #samples = 0;
  #isEnded = false;
  #outcome: FakeOutcome = 'open';
  #lastPartial = '';

  constructor(
    private readonly script: FakeUtteranceScript | 'manual',
    readonly signal: AbortSignal,
    private readonly info: ProviderInfo,
    private readonly clock: Clock,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.cancel();
  }

  get transcripts(): AsyncIterable<Transcript> {
    return this.#transcripts;
  }

  get isInDoubt(): boolean {
    return this.script !== 'manual' && this.script.isInDoubt === true;
  }

  /** Milliseconds of audio received. */
  get audioMs(): number {
    return this.#samples / SAMPLES_PER_MS;
  }

  /** True once `end()` was called. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  get outcome(): FakeOutcome {
    return this.#outcome;
  }

  push(pcm: Int16Array): void {
    if (this.#isEnded || this.#outcome !== 'open') return;
    this.#samples += pcm.length;
    if (this.script === 'manual') return;
    const { failure, text, wordMs = 200 } = this.script;
    if (failure?.at === 'audio') return this.fail(failure.code);
    const heard = text.split(' ').slice(0, Math.floor(this.audioMs / wordMs));
    if (heard.join(' ') !== this.#lastPartial) this.partial(heard.join(' '));
  }

  end(): void {
    if (this.#isEnded || this.#outcome !== 'open') return;
    this.#isEnded = true;
    if (this.script !== 'manual') void this.#finalise(this.script);
  }

  /** Yields a partial now. */
  partial(text: string): void {
    this.#lastPartial = text;
    this.#transcripts.push({ text, isFinal: false });
  }

  /** Yields the final now and ends. */
  final(text: string): void {
    if (this.#outcome !== 'open') return;
    this.#transcripts.push({ text, isFinal: true });
    this.#transcripts.end();
    this.#settle('finished');
  }

  /** Fails now. */
  fail(code: ProviderErrorCode): void {
    if (this.#outcome !== 'open') return;
    this.#transcripts.fail(fakeFailure(this.info, code));
    this.#settle('failed');
  }

  /** Ends without a final; called on an abort, by the next utterance and at the session's end. */
  cancel(): void {
    if (this.#outcome !== 'open') return;
    this.#transcripts.discard();
    this.#settle('cancelled');
  }

  async #finalise({ text, finalDelayMs = 0, failure, stalls = false }: FakeUtteranceScript): Promise<void> {
    if (stalls || !(await sleep(this.clock, finalDelayMs, this.#stop.signal))) return;
    if (failure) this.fail(failure.code);
    else this.final(this.#samples === 0 ? '' : text);
  }

  #settle(outcome: FakeOutcome): void {
    this.#outcome = outcome;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
  }
}
