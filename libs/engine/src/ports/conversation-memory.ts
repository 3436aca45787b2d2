import type { PastConversation } from '@parley/conversation';

/**
 * What is left of a conversation when its process is lost: enough to continue it elsewhere. Plain data, so it can be stored as JSON. Turns
 * of the continued conversation are counted from the one after `turn`.
 */
export type ConversationMemory = PastConversation;

export const EMPTY_MEMORY: ConversationMemory = { messages: [], earlier: [], turn: 0 };
