import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { LlmRequest } from '../ports/language-model';
import { modelCapabilities } from './model-capabilities';

export interface ChatRequestDefaults {
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  /** True at the vendor's own host, whose extensions the look-alikes may refuse. */
  isVendorHost: boolean;
}

/** The body of a streaming chat request. */
export function chatRequest(model: string, request: LlmRequest, defaults: ChatRequestDefaults): ChatCompletionCreateParamsStreaming {
  const { takesTemperature, reasoningEffort } = modelCapabilities(model);
  const maxTokens = request.maxTokens ?? defaults.maxTokens;
  const temperature = takesTemperature ? defaults.temperature : undefined;
  return {
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true, ...(defaults.isVendorHost ? { include_obfuscation: false } : {}) },
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
  };
}

/** True for the vendor's own host, its regional ones included. */
export function isVendorHost(baseURL: string): boolean {
  const { hostname } = new URL(baseURL);
  return hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com');
}
