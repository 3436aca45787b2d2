import type { ProviderInfo } from './provider-info';
import type { UsageMeter } from './usage-meter';

/** A tool that the model may call in its reply. */
export interface LlmTool {
  /** 1 to 64 letters (a to z), digits, `_` or `-`. */
  name: string;
  /** What the tool does and when to call it, for the model. */
  description: string;
  /** JSON schema of the arguments, which are one object. */
  parameters: Readonly<Record<string, unknown>>;
}

/** The model's wish that a tool be used. */
export interface LlmToolCall {
  /** Names the call in the message with its result. Unique in a conversation. */
  id: string;
  /** Usually that of a tool in the request, but models also invent names. */
  name: string;
  /** JSON text. It can be parsed, but nobody has compared it with the schema of the tool. */
  arguments: string;
}

/**
 * A message of the conversation. The calls of an `assistant` message are followed by one `tool` message for each of them. An adapter
 * rewrites what its vendor would refuse: calls without results, and results without a call.
 */
export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: readonly LlmToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

export interface LlmRequest {
  messages: readonly ChatMessage[];
  /** Upper bound of the reply, in tokens. */
  maxTokens?: number;
  /** The tools that the model may call. Without any, a reply has no tool calls. */
  tools?: readonly LlmTool[];
  /**
   * True if the reply is only a draft, which may be thrown away and is aborted then. A provider may treat it with less priority, as long as
   * it streams as usual: most drafts become the reply, and nobody tells the provider. Tool calls of a draft are handed out like others, but
   * must not be performed before the draft has become the reply.
   */
  speculative?: boolean;
  /** Counts what is used, where the vendor is asked. Adapters do not see it. */
  meter?: UsageMeter;
}

/** `tool_calls`: the model waits for the results of its calls. A reply that was cut off (`length`) may have calls as well. */
export type LlmFinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls';

export interface LlmUsage {
  promptTokens: number;
  completionTokens: number;
}

/** A piece of the text of the reply, a whole tool call, or the one `end` event after them. */
export type LlmEvent =
  { type: 'text'; text: string } | ({ type: 'tool_call' } & LlmToolCall) | { type: 'end'; finishReason: LlmFinishReason; usage?: LlmUsage };

export interface LanguageModel {
  readonly info: ProviderInfo;
  /**
   * Streams one reply: any number of `text`, then any number of `tool_call`, then one `end`. An abort ends the stream without `end` and
   * without an error, and cancels the vendor's request; so does leaving the loop. A failure throws `ProviderError`; arguments of a tool call
   * that are not JSON are a `bad_response`.
   */
  generate(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent>;
  /** Opens the connection before the first request. Never throws. */
  warm(signal: AbortSignal): Promise<void>;
}
