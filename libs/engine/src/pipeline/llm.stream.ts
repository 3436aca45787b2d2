import type { ChatMessage, LanguageModel, LlmEvent } from '@parley/providers';

export interface LlmStreamOptions {
  /** The longest reply. */
  maxTokens: number;
}

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
  generate(messages: readonly ChatMessage[], signal: AbortSignal): AsyncIterable<LlmEvent> {
    return this.languageModel.generate({ messages, maxTokens: this.options.maxTokens }, signal);
  }
}
