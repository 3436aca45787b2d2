import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { LlmRequest } from '../ports/language-model';
import { chatMessages } from './chat-messages';
import { modelCapabilities } from './model-capabilities';
import { type OptionalParameter, OPTIONAL_PARAMETERS, PLAIN_DIALECT, type SentRequest, type ServerDialect } from './server-dialect';

export interface ChatRequestDefaults {
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  /** True at the vendor's own host, whose extensions the look-alikes may refuse. */
  isVendorHost: boolean;
}

/** The body of a chat request, streaming unless the server refuses that. */
export function chatRequest(
  model: string,
  request: LlmRequest,
  defaults: ChatRequestDefaults,
  dialect: ServerDialect = PLAIN_DIALECT,
): ChatCompletionCreateParams {
  const { takesTemperature, reasoningEffort } = modelCapabilities(model);
  const takes = (name: OptionalParameter): boolean => !dialect.without.has(name);
  const maxTokens = request.maxTokens ?? defaults.maxTokens;
  const temperature = takesTemperature ? defaults.temperature : undefined;
  const isStream = takes('stream');
  return {
    model,
    messages: chatMessages(request.messages, dialect),
    ...(isStream && { stream: true }),
    ...(isStream &&
      takes('stream_options') && {
        stream_options: { include_usage: true, ...(defaults.isVendorHost ? { include_obfuscation: false } : {}) },
      }),
    ...(maxTokens !== undefined && bound(maxTokens, takes)),
    ...(temperature !== undefined && takes('temperature') && { temperature }),
    ...(reasoningEffort !== undefined && takes('reasoning_effort') && { reasoning_effort: reasoningEffort }),
  };
}

/** Of a request's body, what a server may take exception to. */
export function sentRequest(body: ChatCompletionCreateParams): SentRequest {
  const parameters = new Set(OPTIONAL_PARAMETERS.filter((name) => body[name] !== undefined));
  const messages = body.messages.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : '' }));
  return { parameters, messages };
}

/** Older servers know the bound by its older name. */
function bound(maxTokens: number, takes: (name: OptionalParameter) => boolean): Partial<ChatCompletionCreateParams> {
  if (takes('max_completion_tokens')) return { max_completion_tokens: maxTokens };
  return takes('max_tokens') ? { max_tokens: maxTokens } : {};
}

/** True for the vendor's own host, its regional ones included. */
export function isVendorHost(baseURL: string): boolean {
  const { hostname } = new URL(baseURL);
  return hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com');
}
