import type { ChatCompletionCreateParams, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { LlmRequest, LlmTool } from '../ports/language-model';
import { chatMessages } from './chat-messages';
import { modelCapabilities } from './model-capabilities';
import { type OptionalParameter, OPTIONAL_PARAMETERS, PLAIN_DIALECT, type SentRequest, type ServerDialect } from './server-dialect';

export interface ChatRequestDefaults {
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  /** True if the request goes to the vendor's own host. Compatible servers may refuse the vendor's extensions. */
  isVendorHost: boolean;
}

/** Builds the body of a chat request. It asks for streaming unless the server refuses that. */
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
    ...(request.tools?.length && takes('tools') && { tools: request.tools.map(offered) }),
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

/** Returns those parts of a request's body that a server may refuse. */
export function sentRequest(body: ChatCompletionCreateParams): SentRequest {
  const parameters = new Set<string>(OPTIONAL_PARAMETERS.filter((name) => body[name] !== undefined));
  // A server that knows no tools refuses their results as well.
  if (body.messages.some(({ role }) => role === 'tool')) parameters.add('tools');
  const messages = body.messages.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : '' }));
  return { parameters, messages };
}

const offered = ({ name, description, parameters }: LlmTool): ChatCompletionTool => ({
  type: 'function',
  function: { name, description, parameters },
});

/** Returns the length limit of the reply. Older servers know it only by its older name. */
function bound(maxTokens: number, takes: (name: OptionalParameter) => boolean): Partial<ChatCompletionCreateParams> {
  if (takes('max_completion_tokens')) return { max_completion_tokens: maxTokens };
  return takes('max_tokens') ? { max_tokens: maxTokens } : {};
}

/** Returns true for the vendor's own host, including its regional hosts. */
export function isVendorHost(baseURL: string): boolean {
  const { hostname } = new URL(baseURL);
  return hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com');
}
