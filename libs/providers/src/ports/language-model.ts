import type { ProviderInfo } from './provider-info';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface LlmRequest {
  messages: readonly ChatMessage[];
  /** Upper bound of the reply, in tokens. */
  maxTokens?: number;
  /**
   * True if the reply is only a draft, which may be thrown away and is aborted then. A provider may treat it with less priority, as long as
   * it streams as usual: most drafts become the reply, and nobody tells the provider.
   */
  speculative?: boolean;
}

export type LlmFinishReason = 'stop' | 'length' | 'content_filter';

export interface LlmUsage {
  promptTokens: number;
  completionTokens: number;
}

/** Either a piece of the text of the reply, or the one `end` event after it. */
export type LlmEvent = { type: 'text'; text: string } | { type: 'end'; finishReason: LlmFinishReason; usage?: LlmUsage };

export interface LanguageModel {
  readonly info: ProviderInfo;
  /**
   * Streams one reply: any number of `text`, then one `end`. An abort ends the stream without `end` and without an error, and cancels the
   * vendor's request; so does leaving the loop. A failure throws `ProviderError`.
   */
  generate(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent>;
  /** Opens the connection before the first request. Never throws. */
  warm(signal: AbortSignal): Promise<void>;
}
