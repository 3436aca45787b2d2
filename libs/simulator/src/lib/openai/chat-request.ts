import { isObject, parseObject, type JsonObject } from '../server/json';
import { checkToolMessages, readTools } from './chat-tools';
import { findModel, type SimulatedModel } from './model-catalogue';
import { badRequest, modelNotFound, type ErrorAnswer } from './openai-errors';
import type { ReplyMessage } from './reply-source';
import { refusedStrictly, type StrictChat } from './strict-chat';

const ROLES: readonly string[] = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
const CONTEXT_TOKENS = 128_000;

/** A validated chat completion request. */
export interface ChatRequest {
  model: SimulatedModel;
  /** The model's name as the client wrote it, which the answer repeats. */
  modelId: string;
  messages: readonly ReplyMessage[];
  /** The names of the tools that the client offers. */
  tools: readonly string[];
  promptTokens: number;
  stream: boolean;
  includeUsage: boolean;
  includeObfuscation: boolean;
  maxTokens: number;
}

/** The request in a body, or the vendor's answer to what is wrong with it. `date` decides which models are served. */
export function parseChatRequest(text: string | undefined, date: string, strict: StrictChat = {}): ChatRequest | ErrorAnswer {
  const body = text === undefined ? undefined : parseObject(text);
  if (!body) return badRequest('We could not parse the JSON body of your request.', null, null);
  const modelId = body['model'];
  if (typeof modelId !== 'string' || modelId === '') return badRequest('you must provide a model parameter', null, null);
  const model = findModel(modelId, date);
  if (!model) return modelNotFound(modelId);
  const messages = readMessages(body['messages']);
  if (!messages) return badRequest("Invalid 'messages': expected a non-empty array of messages.", 'invalid_type', 'messages');
  const tools = readTools(body['tools']);
  if ('status' in tools) return tools;
  const problem =
    checkToolMessages(body['messages'] as JsonObject[]) ?? checkParameters(body, model) ?? refusedStrictly(body, messages, strict);
  if (problem) return problem;
  const promptTokens = messages.reduce((sum, { content }) => sum + 4 + countTokens(content), 3);
  if (promptTokens > CONTEXT_TOKENS) {
    return badRequest(`This model's maximum context length is ${CONTEXT_TOKENS} tokens.`, 'context_length_exceeded', 'messages');
  }
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    model,
    modelId,
    messages,
    tools,
    promptTokens,
    stream: body['stream'] === true,
    includeUsage: options['include_usage'] === true,
    includeObfuscation: options['include_obfuscation'] !== false,
    maxTokens: Number(body['max_completion_tokens'] ?? body['max_tokens'] ?? Infinity),
  };
}

/** Estimates the number of tokens: a short word is one token, a long word more. */
export function countTokens(text: string): number {
  return text.split(/\s+/).reduce((sum, word) => sum + Math.ceil(word.length / 6), 0);
}

function readMessages(value: unknown): ReplyMessage[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages: ReplyMessage[] = [];
  for (const entry of value as unknown[]) {
    if (!isObject(entry)) return undefined;
    const { role, content } = entry;
    const text = readContent(content);
    if (typeof role !== 'string' || !ROLES.includes(role) || text === undefined) return undefined;
    messages.push({ role, content: text });
  }
  return messages;
}

function readContent(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  // An assistant message that only called tools has no content.
  if (content === null) return '';
  if (!Array.isArray(content)) return undefined;
  return (content as unknown[]).map((part) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('');
}

function checkParameters(body: JsonObject, model: SimulatedModel): ErrorAnswer | undefined {
  if (model.reasoning && body['max_tokens'] !== undefined) {
    return badRequest(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'unsupported_parameter',
      'max_tokens',
    );
  }
  if (model.reasoning && body['temperature'] !== undefined) {
    return badRequest("Unsupported parameter: 'temperature' is not supported with this model.", 'unsupported_parameter', 'temperature');
  }
  if (body['stream_options'] !== undefined && body['stream_options'] !== null && body['stream'] !== true) {
    return badRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", null, 'stream_options');
  }
  for (const [name, min, max] of NUMBERS) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || value < min || value > max) return badRequest(`Invalid '${name}'.`, 'invalid_value', name);
  }
  return undefined;
}

const NUMBERS: readonly (readonly [string, number, number])[] = [
  ['max_tokens', 1, Infinity],
  ['max_completion_tokens', 1, Infinity],
  ['temperature', 0, 2],
  ['top_p', 0, 1],
];
