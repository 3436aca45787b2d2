import { asNumber, asObject, asString } from '../json';
import type { LlmFinishReason, LlmUsage } from '../ports/language-model';

/** What one event of a chat stream says. */
export interface ChatChunk {
  /** Text to be spoken; '' when there is none. */
  text: string;
  /** The model is thinking aloud, which is never spoken. */
  isReasoning: boolean;
  /** The vendor's word for why it stopped. */
  finish: string | undefined;
  usage: LlmUsage | undefined;
}

/** Reads one event; undefined when it is not a chat chunk. Tolerates what the look-alikes leave out: choices, deltas, nulls. */
export function readChatChunk(event: unknown): ChatChunk | undefined {
  const chunk = asObject(event);
  const choices = chunk?.['choices'];
  if (!chunk || !Array.isArray(choices)) return undefined;
  const choice = asObject(choices[0]);
  const delta = asObject(choice?.['delta']);
  return {
    text: asString(delta?.['content']) ?? '',
    isReasoning: Boolean(delta?.['reasoning_content'] ?? delta?.['reasoning']),
    finish: asString(choice?.['finish_reason']),
    usage: readUsage(chunk['usage']),
  };
}

/** The port's word for a finish reason; undefined when the vendor gave up on the reply (vLLM's `abort`). Tools are never offered, so any other is a stop. */
export function finishReason(finish: string): LlmFinishReason | undefined {
  if (finish === 'abort') return undefined;
  return finish === 'length' || finish === 'content_filter' ? finish : 'stop';
}

function readUsage(value: unknown): LlmUsage | undefined {
  const usage = asObject(value);
  const promptTokens = asNumber(usage?.['prompt_tokens']);
  const completionTokens = asNumber(usage?.['completion_tokens']);
  return promptTokens === undefined || completionTokens === undefined ? undefined : { promptTokens, completionTokens };
}
