import type { ConversationMemory } from './conversation-memory';

/** What can be chosen for each conversation. The server decides on everything that is left out. */
export interface ConversationOptions {
  /** Identifies the conversation to its client, in logs and in recordings. */
  conversationId: string;
  /** BCP 47 tag, e.g. `hi-IN`. */
  language?: string;
  /** The id of the voice at its provider. */
  voiceId?: string;
  systemPrompt?: string;
  /** A conversation that is continued, after its process was lost. Its turns are counted on. */
  memory?: ConversationMemory;
}
