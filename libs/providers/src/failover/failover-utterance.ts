import type { PcmLog } from '../pcm/pcm-log';
import { ProviderError } from '../ports/provider-error';
import type { SpeechToText, SttSession, SttUtterance, Transcript } from '../ports/speech-to-text';
import { Attempt } from './attempt';
import type { AttemptPlan } from './attempt-plan';
import type { FailoverProvider } from './failover-options';
import { pause } from './pause';
import type { BorrowedSession } from './session-pool';

/** 100 ms at 16 kHz: about what a recogniser takes at a time. */
const REPLAYED_SAMPLES = 1_600;

/** What an utterance needs of its session. */
export interface FailoverUtteranceHost {
  /** The provider's session, to begin an utterance in. */
  borrow(provider: FailoverProvider<SpeechToText>): BorrowedSession<SttSession>;
  /** The provider gave the final. */
  answered(provider: FailoverProvider<SpeechToText>): void;
  /** The utterance is over, in whichever way, and has no more use for its log. May be told several times. */
  left(): void;
}

interface Try {
  provider: FailoverProvider<SpeechToText>;
  attempt: Attempt;
  utterance: SttUtterance;
  borrowed: BorrowedSession<SttSession>;
}

/** One utterance as its caller sees it. It keeps its audio, and gives all of it to whoever is tried next. The clock of a stage runs from its end on. */
export class FailoverUtterance implements SttUtterance {
  readonly #work = new AbortController();
  readonly #onAbort = () => this.discard();
  readonly #transcripts: AsyncGenerator<Transcript, void>;
  #current: Try | undefined;
  #hasEnded = false;
  /** A final in doubt is asked for once more. */
  #wasInDoubt = false;

  constructor(
    private readonly plan: AttemptPlan<SpeechToText>,
    private readonly signal: AbortSignal,
    private readonly host: FailoverUtteranceHost,
    /** Empty, and nobody else's: takes all audio so far, bounded by the longest user turn. */
    private readonly heard: PcmLog,
  ) {
    this.#transcripts = this.#transcribe();
    if (signal.aborted) this.#work.abort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get transcripts(): AsyncIterable<Transcript> {
    return this.#transcripts;
  }

  /** Takes no more audio; its final may still come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Who hears it at present. */
  get provider(): FailoverProvider<SpeechToText> | undefined {
    return this.#current?.provider;
  }

  /** The first try. */
  begin(): void {
    if (this.#work.signal.aborted) return this.discard();
    const provider = this.plan.current;
    const attempt = new Attempt(provider.port.info.name, this.#work.signal);
    const borrowed = this.host.borrow(provider);
    const utterance = borrowed.session.utterance(attempt.signal);
    this.#current = { provider, attempt, utterance, borrowed };
    for (const pcm of this.heard.pieces(REPLAYED_SAMPLES)) utterance.push(pcm);
    if (!this.#hasEnded) return;
    utterance.end();
    attempt.arm(this.plan.allowanceMs);
  }

  push(pcm: Int16Array): void {
    if (this.#hasEnded || this.#work.signal.aborted) return;
    this.heard.push(pcm);
    this.#current?.utterance.push(pcm);
  }

  end(): void {
    if (this.#hasEnded || this.#work.signal.aborted) return;
    this.#hasEnded = true;
    this.plan.restartClock();
    this.#current?.utterance.end();
    this.#current?.attempt.arm(this.plan.allowanceMs);
  }

  /** Ends without a final and without an error. No effect once it is over. */
  discard(): void {
    this.#hasEnded = true;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#work.abort();
    this.#leaveTry();
    this.host.left();
  }

  async *#transcribe(): AsyncGenerator<Transcript, void> {
    const { signal } = this.#work;
    try {
      while (this.#current && !signal.aborted) {
        try {
          if (!(yield* this.#follow(this.#current))) return;
        } catch (error) {
          if (signal.aborted) return;
          await this.#next(error);
        }
      }
    } finally {
      this.discard();
    }
  }

  /** Returns true when the same provider has begun anew. */
  async *#follow({ provider, attempt, utterance }: Try): AsyncGenerator<Transcript, boolean> {
    try {
      for await (const transcript of utterance.transcripts) {
        if (this.#startsOver(transcript, utterance)) return true;
        yield transcript;
      }
    } catch (error) {
      throw attempt.timedOut ?? error;
    }
    if (attempt.timedOut) throw attempt.timedOut;
    if (this.#work.signal.aborted) return false;
    this.plan.succeeded();
    this.#leaveTry();
    this.host.answered(provider);
    return false;
  }

  /** Nothing found twice is nothing said; nothing found once may be a result that was lost. */
  #startsOver({ isFinal, text }: Transcript, { isInDoubt = false }: SttUtterance): boolean {
    if (!isFinal || text !== '' || !isInDoubt || this.#wasInDoubt || this.#work.signal.aborted) return false;
    this.#wasInDoubt = true;
    this.#leaveTry();
    this.begin();
    return true;
  }

  /** Begins the try that follows a failure; throws when there is none. */
  async #next(error: unknown): Promise<void> {
    if (!(error instanceof ProviderError)) throw error;
    const waitMs = this.plan.failed(error);
    this.#leaveTry();
    if (waitMs === undefined) throw this.plan.failure ?? error;
    await pause(waitMs, this.#work.signal);
    if (!this.#work.signal.aborted) this.begin();
  }

  #leaveTry(): void {
    this.#current?.attempt.release();
    this.#current?.borrowed.release();
    this.#current = undefined;
  }
}
