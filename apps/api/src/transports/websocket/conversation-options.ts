import type { ConversationOptions } from '@parley/engine';
import type { StartConversation } from '@parley/protocol';

/** Translates the options of a client's start message for the engines. */
export function conversationOptions(conversationId: string, start: StartConversation): ConversationOptions {
  const { language, voice_id: voiceId, system_prompt: systemPrompt } = start;
  return {
    conversationId,
    ...(language !== undefined && { language }),
    ...(voiceId !== undefined && { voiceId }),
    ...(systemPrompt !== undefined && { systemPrompt }),
  };
}
