import { asNumber, asObject, asString } from '../shared/json';
import type { JsonObject } from '../shared/json';
import type { LlmFinishReason, LlmUsage } from '../ports/language-model';

/** What one event of a chat stream says. */
export interface ChatChunk {
  /** It has choices, as only chat chunks do. */
  isChat: boolean;
  /** New text of the reply, a refusal in words included; '' when there is none. */
  text: string;
  /** The whole message, where the server sends one in place of what is new; '' when there is none. */
  wholeText: string;
  /** The model is thinking aloud, which is never spoken. */
  isReasoning: boolean;
  /** The vendor's word for why it stopped; undefined while it goes on. */
  finish: string | undefined;
  usage: LlmUsage | undefined;
}

/** Fields in which servers send what the model thinks. */
const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking'];
const REASONING_PART = /think|reason/i;
/** What some servers write in place of null. */
const NO_FINISH: ReadonlySet<string> = new Set(['', 'null', 'none']);

/** Reads one event. Tolerates what the look-alikes leave out or write differently: no choices, no delta, nulls, content in parts. */
export function readChatChunk(event: JsonObject): ChatChunk {
  const { choices } = event;
  const choice = asObject(Array.isArray(choices) ? choices[0] : undefined);
  const delta = asObject(choice?.['delta']);
  const finish = asString(choice?.['finish_reason']);
  return {
    isChat: Array.isArray(choices),
    text: delta ? messageText(delta) : (asString(choice?.['text']) ?? ''),
    wholeText: messageText(asObject(choice?.['message'])),
    isReasoning: isReasoning(delta),
    finish: NO_FINISH.has(finish?.toLowerCase() ?? '') ? undefined : finish,
    usage: readUsage(event['usage']),
  };
}

/** The port's word for a finish reason; undefined when the server gave up on the reply. Tools are never offered, so any other is a stop. */
export function finishReason(finish: string): LlmFinishReason | undefined {
  switch (finish.toLowerCase()) {
    case 'abort':
    case 'error':
    case 'cancelled':
      return undefined;
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length';
    case 'content_filter':
    case 'safety':
    case 'sensitive':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** A model that declines says so in `refusal`, for which `content` is null. */
function messageText(message: JsonObject | undefined): string {
  return contentText(message?.['content']) || (asString(message?.['refusal']) ?? '');
}

/** Text, or parts of which some are text. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return partsOf(content)
    .map((part) => (isReasoningPart(part) ? '' : (asString(part['text']) ?? asString(part['refusal']) ?? '')))
    .join('');
}

function isReasoning(delta: JsonObject | undefined): boolean {
  if (!delta) return false;
  const { content } = delta;
  return REASONING_FIELDS.some((field) => isSomething(delta[field])) || partsOf(content).some(isReasoningPart);
}

const isSomething = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

const isReasoningPart = (part: JsonObject): boolean => REASONING_PART.test(asString(part['type']) ?? '');

function partsOf(content: unknown): JsonObject[] {
  const parts: unknown[] = Array.isArray(content) ? content : [content];
  return parts.map((part) => (typeof part === 'string' ? { text: part } : asObject(part))).filter((part) => part !== undefined);
}

function readUsage(value: unknown): LlmUsage | undefined {
  const usage = asObject(value);
  const promptTokens = asNumber(usage?.['prompt_tokens']);
  const completionTokens = asNumber(usage?.['completion_tokens']);
  return promptTokens === undefined || completionTokens === undefined ? undefined : { promptTokens, completionTokens };
}
