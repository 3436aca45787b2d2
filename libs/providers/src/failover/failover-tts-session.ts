import type { SpeechChunk, TextToSpeech, TtsOptions, TtsSession } from '../ports/text-to-speech';
import { TextLog } from '../shared/text-log';
import { AttemptPlan } from './attempt-plan';
import type { FailoverOptions, FailoverProvider } from './failover-options';
import { FailoverSpeech } from './failover-speech';
import { SessionPool } from './session-pool';

/** The voices of one conversation. */
export class FailoverTtsSession implements TtsSession {
  readonly #ending = new AbortController();
  readonly #onAbort = () => void this.close();
  readonly #sessions: SessionPool<TextToSpeech, TtsSession>;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly options: FailoverOptions<TextToSpeech>,
    private readonly ttsOptions: TtsOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#sessions = new SessionPool((port) => port.open(ttsOptions, this.#ending.signal));
    if (signal.aborted) {
      void this.close();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#sessions.warm(this.#first);
  }

  async *speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const stop = AbortSignal.any([signal, this.#ending.signal]);
    const log = new TextLog(text);
    const closeLog = () => log.close();
    stop.addEventListener('abort', closeLog, { once: true });
    try {
      if (stop.aborted || !(await log.hasText())) return;
      const plan = new AttemptPlan(this.options);
      const speech = new FailoverSpeech({ plan, log, sampleRateHz: this.ttsOptions.sampleRateHz, sessions: this.#sessions }, stop);
      yield* speech.speak();
      if (!stop.aborted) this.#sessions.closeIdle([plan.current, this.#first]);
    } finally {
      stop.removeEventListener('abort', closeLog);
      log.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#ending.abort();
    await this.#sessions.close();
  }

  /** The provider that is asked first for the next speech. */
  get #first(): FailoverProvider<TextToSpeech> {
    return this.options.health.inOrder(this.options.providers)[0] ?? this.options.providers[0];
  }
}
