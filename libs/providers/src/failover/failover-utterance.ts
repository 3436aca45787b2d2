import type { PcmLog } from '../pcm/pcm-log';
import { ProviderError } from '../ports/provider-error';
import type { SpeechToText, SttSession, SttUtterance, Transcript } from '../ports/speech-to-text';
import { Attempt } from './attempt';
import type { AttemptPlan } from './attempt-plan';
import type { FailoverProvider } from './failover-options';
import { pause } from '../shared/pause';
import type { BorrowedSession } from './session-pool';

/** 100 ms at 16 kHz, about as much as a recogniser accepts at a time. */
const REPLAYED_SAMPLES = 1_600;

/** The services that an utterance needs from its session. */
export interface FailoverUtteranceHost {
  /** Returns a session of the provider in which an utterance can begin. */
  borrow(provider: FailoverProvider<SpeechToText>): BorrowedSession<SttSession>;
  /** Called when the provider has delivered the final. */
  answered(provider: FailoverProvider<SpeechToText>): void;
  /** Called when the utterance is over for any reason and no longer needs its audio buffer. May be called several times. */
  left(): void;
}

interface Try {
  provider: FailoverProvider<SpeechToText>;
  attempt: Attempt;
  utterance: SttUtterance;
  borrowed: BorrowedSession<SttSession>;
}

/**
 * One utterance as its caller sees it. It keeps its audio, so that it can send all of it to the provider that is tried next. The time limit
 * of the stage starts at its end.
 */
export class FailoverUtterance implements SttUtterance {
  readonly #work = new AbortController();
  readonly #onAbort = () => this.discard();
  readonly #transcripts: AsyncGenerator<Transcript, void>;
  #current: Try | undefined;
  #hasEnded = false;
  /** True once a doubtful final has been requested a second time. */
  #wasInDoubt = false;

  constructor(
    private readonly plan: AttemptPlan<SpeechToText>,
    private readonly signal: AbortSignal,
    private readonly host: FailoverUtteranceHost,
    /** An empty buffer for this utterance alone. It stores all audio so far; its size is limited by the longest user turn. */
    private readonly heard: PcmLog,
  ) {
    this.#transcripts = this.#transcribe();
    if (signal.aborted) this.#work.abort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get transcripts(): AsyncIterable<Transcript> {
    return this.#transcripts;
  }

  /** True once the utterance accepts no more audio. Its final may still arrive. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The provider that is recognising the utterance at present. */
  get provider(): FailoverProvider<SpeechToText> | undefined {
    return this.#current?.provider;
  }

  /** Starts the first try. */
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

  /** Ends without a final and without an error. Has no effect once the utterance is over. */
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

  /** Passes on the transcripts of a try. Returns true if the same provider has started again. */
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

  /** Whether to ask again. A first empty result may mean that a result was lost; a second one means that nothing was said. */
  #startsOver({ isFinal, text }: Transcript, { isInDoubt = false }: SttUtterance): boolean {
    if (!isFinal || text !== '' || !isInDoubt || this.#wasInDoubt || this.#work.signal.aborted) return false;
    this.#wasInDoubt = true;
    this.#leaveTry();
    this.begin();
    return true;
  }

  /** Starts the try that follows a failure. Throws if no provider is left. */
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
