/** What whoever starts a conversation may choose; what is left out is the server's choice. */
export interface ConversationOptions {
  /** Names the conversation towards its client, in logs and in recordings. */
  conversationId: string;
  /** BCP 47 tag, e.g. `hi-IN`. */
  language?: string;
  /** As the voice's vendor names it. */
  voiceId?: string;
  systemPrompt?: string;
}
