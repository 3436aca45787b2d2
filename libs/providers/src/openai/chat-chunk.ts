import { asNumber, asObject, asString } from '../shared/json';
import type { JsonObject } from '../shared/json';
import type { LlmFinishReason, LlmUsage } from '../ports/language-model';

/** A part of a tool call. What the server leaves out is ''. */
export interface ToolCallPiece {
  /** The place of the call in the reply. */
  index: number | undefined;
  id: string;
  name: string;
  /** The next characters of the arguments. */
  arguments: string;
}

/** The decoded content of one event of a chat stream. */
export interface ChatChunk {
  /** True if the event has choices, which only chat chunks have. */
  isChat: boolean;
  /** New text of the reply, including a refusal that is given as text; '' if there is none. */
  text: string;
  /** The whole message, if the server sends one instead of only the new text; '' if there is none. */
  wholeText: string;
  /** New pieces of tool calls. */
  toolCalls: readonly ToolCallPiece[];
  /** All tool calls of the reply, if the server sends the whole message. */
  wholeToolCalls: readonly ToolCallPiece[];
  /** True if the event contains reasoning of the model, which is never spoken. */
  isReasoning: boolean;
  /** The vendor's finish reason; undefined while the reply goes on. */
  finish: string | undefined;
  usage: LlmUsage | undefined;
}

/** Fields in which servers send the reasoning of the model. */
const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking'];
const REASONING_PART = /think|reason/i;
/** Finish reasons that some servers send instead of null. */
const NO_FINISH: ReadonlySet<string> = new Set(['', 'null', 'none']);

/**
 * Reads one event. Tolerates what compatible servers leave out or write differently: missing choices or deltas, nulls, and content in
 * parts.
 */
export function readChatChunk(event: JsonObject): ChatChunk {
  const { choices } = event;
  const choice = asObject(Array.isArray(choices) ? choices[0] : undefined);
  const delta = asObject(choice?.['delta']);
  const finish = asString(choice?.['finish_reason']);
  return {
    isChat: Array.isArray(choices),
    text: delta ? messageText(delta) : (asString(choice?.['text']) ?? ''),
    wholeText: messageText(asObject(choice?.['message'])),
    toolCalls: toolCallPieces(delta),
    wholeToolCalls: toolCallPieces(asObject(choice?.['message'])).map((piece, index) => ({ ...piece, index })),
    isReasoning: isReasoning(delta),
    finish: NO_FINISH.has(finish?.toLowerCase() ?? '') ? undefined : finish,
    usage: readUsage(event['usage']),
  };
}

/**
 * Translates a finish reason. Returns undefined if the server gave up on the reply. Any other reason counts as a normal end. Whether that is
 * a stop or the wish for tools is better seen from the calls: some servers say `stop` after them.
 */
export function finishReason(finish: string, hasToolCalls: boolean): LlmFinishReason | undefined {
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
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}

/** Returns the text of a message. A model that refuses says so in `refusal`, and `content` is null then. */
function messageText(message: JsonObject | undefined): string {
  return contentText(message?.['content']) || (asString(message?.['refusal']) ?? '');
}

/** Returns the text of content that is either a string or a list of parts, some of which are text. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return partsOf(content)
    .map((part) => (isReasoningPart(part) ? '' : (asString(part['text']) ?? asString(part['refusal']) ?? '')))
    .join('');
}

/** The pieces of tool calls in a delta or a message. */
function toolCallPieces(message: JsonObject | undefined): ToolCallPiece[] {
  const calls = message?.['tool_calls'];
  return (Array.isArray(calls) ? (calls as unknown[]) : []).flatMap((value) => {
    const call = asObject(value);
    const tool = asObject(call?.['function']);
    if (!call) return [];
    const text = tool?.['arguments'];
    return {
      index: asNumber(call['index']),
      id: asString(call['id']) ?? '',
      name: asString(tool?.['name']) ?? '',
      // Some servers send the arguments as an object instead of its text.
      arguments: asString(text) ?? (asObject(text) ? JSON.stringify(text) : ''),
    };
  });
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
