import type { ConversationEvent, EngineStage } from '@parley/engine';
import type { EngineName } from '@parley/protocol';

/** Receives all events of one conversation, in order. */
export type ConversationObserver = (event: ConversationEvent) => void;

/** Who does the work of a stage. */
export interface ObservedProvider {
  /** Name of the provider, e.g. `openai`. */
  name: string;
  /** The model that it is asked for; undefined where that is not known. */
  model: string | undefined;
  simulated: boolean;
}

/** A conversation as metrics, traces and logs know it. */
export interface ObservedConversation {
  conversationId: string;
  engine: EngineName;
  /** BCP 47 tag, if the client has chosen one. */
  language?: string | undefined;
  /** The provider that each stage asks first. */
  providers: Partial<Record<EngineStage, ObservedProvider>>;
}

/** One request to the language model, as far as it has come. Times are those of `epochMs`. */
export interface ModelUse {
  readonly requestedAtMs: number;
  /** Undefined while nothing was written. */
  firstChunkAtMs: number | undefined;
  /** Undefined while the model writes. */
  endedAtMs: number | undefined;
  /** `cancelled`: the reply was no longer wanted, as with a draft of words that were not the last. */
  result: 'completed' | 'cancelled' | 'failed' | undefined;
  /** Why the model stopped, in its own words; undefined unless it is completed. */
  finishReason: string | undefined;
  inputTokens: number;
  outputTokens: number;
  /** Whether the vendor has not reported the tokens, so that they are estimated from the text. */
  isEstimated: boolean;
}

/** What the parts of a conversation report to metrics, traces and logs. Nothing here throws. */
export interface ConversationObservation {
  observe: ConversationObserver;
  /** A request was sent. Its object changes until `modelEnded` is called with it. */
  modelAsked(use: ModelUse): void;
  modelEnded(use: ModelUse): void;
  /** Text that was given to the voice. */
  spoken(characters: number): void;
}

/** The time since 1970 in milliseconds, with fractions. It never goes back, unlike the clock on the wall. */
export const epochMs = (): number => performance.timeOrigin + performance.now();
