import type { LanguageModel, LlmEvent, LlmRequest } from '@parley/providers';

export interface LlmStreamOptions {
  /** The longest reply. */
  maxTokens: number;
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

  /** Opens the vendor's connection ahead of the first request. */
  open(signal: AbortSignal): void {
    this.signal = signal;
    void this.languageModel.warm(signal);
  }

  /** The user is speaking, so a request will follow: an idle connection has been let go of by then. Cheap to call again and again. */
  stayWarm(): void {
    if (this.signal?.aborted === false) void this.languageModel.warm(this.signal);
  }

  /** One reply. */
  generate(request: ReplyRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    return this.languageModel.generate({ ...request, maxTokens: this.options.maxTokens }, signal);
  }
}
