import { PcmLog } from '../pcm/pcm-log';
import type { SpeechToText, SttSession, SttUtterance } from '../ports/speech-to-text';
import { AttemptPlan } from './attempt-plan';
import type { FailoverOptions, FailoverProvider } from './failover-options';
import { FailoverUtterance, type FailoverUtteranceHost } from './failover-utterance';
import { type BorrowedSession, SessionPool } from './session-pool';

/** The recognisers of one conversation, and its utterances. */
export class FailoverSttSession implements SttSession {
  readonly #ending = new AbortController();
  readonly #onAbort = () => void this.close();
  readonly #sessions: SessionPool<SpeechToText, SttSession>;
  readonly #utterances = new Set<FailoverUtterance>();
  /** The utterance that receives audio. Older ones only wait for their final. */
  #latest: FailoverUtterance | undefined;
  /**
   * The audio buffer of a finished utterance, which the next one reuses. Allocating one for each utterance would cause much garbage
   * collection on a busy server.
   */
  #spareLog: PcmLog | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly options: FailoverOptions<SpeechToText>,
    open: (port: SpeechToText, ending: AbortSignal) => SttSession,
    private readonly signal: AbortSignal,
  ) {
    this.#sessions = new SessionPool((port) => open(port, this.#ending.signal));
    if (signal.aborted) {
      void this.close();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#sessions.warm(this.#first);
  }

  utterance(signal: AbortSignal): SttUtterance {
    if (this.#latest?.hasEnded === false) this.#latest.discard();
    const log = this.#spareLog ?? new PcmLog();
    this.#spareLog = undefined;
    const host: FailoverUtteranceHost = {
      borrow: (provider) => this.#borrow(provider, utterance),
      answered: (provider) => this.#answered(provider),
      left: () => {
        if (!this.#utterances.delete(utterance)) return;
        log.clear();
        this.#spareLog = log;
      },
    };
    const utterance: FailoverUtterance = new FailoverUtterance(new AttemptPlan(this.options), signal, host, log);
    this.#latest = utterance;
    this.#utterances.add(utterance);
    if (this.#closing) utterance.discard();
    else utterance.begin();
    return utterance;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    for (const utterance of [...this.#utterances]) utterance.discard();
    this.#ending.abort();
    await this.#sessions.close();
  }

  /**
   * Borrows a session of the provider. The shared session is not used while another utterance is being spoken into it, because a new
   * utterance would discard that one.
   */
  #borrow(provider: FailoverProvider<SpeechToText>, by: FailoverUtterance): BorrowedSession<SttSession> {
    const latest = this.#latest;
    const isTaken = latest !== undefined && latest !== by && !latest.hasEnded && latest.provider === provider;
    return isTaken ? this.#sessions.borrowAside(provider) : this.#sessions.borrow(provider);
  }

  #answered(provider: FailoverProvider<SpeechToText>): void {
    if (!this.#closing) this.#sessions.closeIdle([provider, this.#first]);
  }

  /** The provider that is asked first for the next utterance. */
  get #first(): FailoverProvider<SpeechToText> {
    return this.options.health.inOrder(this.options.providers)[0] ?? this.options.providers[0];
  }
}
