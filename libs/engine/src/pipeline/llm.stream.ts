import type { LanguageModel, LlmEvent, LlmRequest, UsageMeter } from '@parley/providers';

export interface LlmStreamOptions {
  /** The maximum length of a reply. */
  maxTokens: number;
  /** Counts the requests of this conversation. */
  meter?: UsageMeter | undefined;
}

/** What the conversation decides about a request. The rest is configured. */
export type ReplyRequest = Pick<LlmRequest, 'messages' | 'speculative'>;

/** The language model of one conversation. */
export class LlmStream {
  private signal: AbortSignal | undefined;

  constructor(
    private readonly languageModel: LanguageModel,
    private readonly options: LlmStreamOptions,
  ) {}

  /** Opens the provider's connection before the first request. */
  open(signal: AbortSignal): void {
    this.signal = signal;
    void this.languageModel.warm(signal);
  }

  /** Opens the connection again if it was closed for being idle. Called while the user speaks, because a request will follow. Cheap to repeat. */
  stayWarm(): void {
    if (this.signal?.aborted === false) void this.languageModel.warm(this.signal);
  }

  /** Generates one reply. */
  generate(request: ReplyRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    const { maxTokens, meter } = this.options;
    return this.languageModel.generate({ ...request, maxTokens, ...(meter && { meter }) }, signal);
  }
}
