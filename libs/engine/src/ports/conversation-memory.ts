import type { ChatMessage } from '@parley/conversation';

/** What is left of a conversation when its process is lost: enough to continue it elsewhere. Plain data, so it can be stored as JSON. */
export interface ConversationMemory {
  /** What has been said, oldest first, without the system prompt. */
  messages: readonly ChatMessage[];
  /** Notes on messages that were dropped because there were too many, oldest first. */
  earlier: readonly string[];
  /** Number of the last turn. Turns of the continued conversation are counted from the next one. */
  turn: number;
}
