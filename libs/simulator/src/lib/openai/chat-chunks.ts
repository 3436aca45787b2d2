import { integerBetween, randomId, type Random } from '../random';
import type { ChatRequest } from './chat-request';

/** Writes the objects of one completion as the vendor does. */
export class ChatChunks {
  readonly #id: string;

  constructor(
    private readonly request: ChatRequest,
    private readonly createdAtMs: number,
    private readonly random: Random,
  ) {
    this.#id = `chatcmpl-${randomId(random, 29)}`;
  }

  /** One event of the stream with a change to the message, or its end. */
  delta(delta: object, finishReason: string | null = null): string {
    return this.#event({
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(this.request.includeUsage ? { usage: null } : {}),
    });
  }

  /** Events without content: null choices, no choices, and a choice without a delta. */
  loose(): string[] {
    return [
      this.#event({ choices: null, usage: this.#usage(1) }),
      this.#event({ usage: this.#usage(1) }),
      this.#event({ choices: [{ index: 0, delta: null, finish_reason: null }] }),
    ];
  }

  /** The event before `[DONE]` when usage was asked for: without choices. */
  usage(completionTokens: number): string {
    return this.#event({ choices: [], usage: this.#usage(completionTokens) });
  }

  /** The answer to a request without `stream`. */
  whole({ content, toolCalls }: { content: string; toolCalls: readonly object[] }, finishReason: string, completionTokens: number): object {
    const called = toolCalls.length > 0 ? { content: content === '' ? null : content, tool_calls: toolCalls } : { content };
    const message = { role: 'assistant', ...called, refusal: null, annotations: [] };
    return {
      ...this.#head('chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
      usage: this.#usage(completionTokens),
    };
  }

  #event(fields: object): string {
    const padding = this.request.includeObfuscation ? { obfuscation: randomId(this.random, integerBetween(this.random, 1, 16)) } : {};
    return `data: ${JSON.stringify({ ...this.#head('chat.completion.chunk'), ...fields, ...padding })}\n\n`;
  }

  #head(object: string): object {
    return {
      id: this.#id,
      object,
      created: Math.floor(this.createdAtMs / 1000),
      model: this.request.modelId,
      service_tier: 'default',
      system_fingerprint: null,
    };
  }

  #usage(completionTokens: number): object {
    const { promptTokens } = this.request;
    return {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
    };
  }
}
