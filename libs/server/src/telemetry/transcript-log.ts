import type { Logger } from '@nestjs/common';
import type { ConversationObserver, ObservedConversation } from './observed-conversation';

/**
 * Logs what was said in one conversation. The only place that does, and only where `LOG_TRANSCRIPTS` is set. An answer that was interrupted is
 * logged as it was written and then as far as it was heard.
 */
export function transcriptLog(
  logger: Pick<Logger, 'log'>,
  { conversationId }: Pick<ObservedConversation, 'conversationId'>,
): ConversationObserver {
  return (event) => {
    if (event.type === 'transcript' && event.isFinal && event.text !== '') {
      logger.log({ message: 'the user said', conversationId, turn: event.turn, text: event.text });
    }
    if (event.type === 'reply_text' && event.final) {
      const { fullText, heardText } = event.final;
      logger.log({ message: 'the assistant said', conversationId, turn: event.turn, text: fullText, heard: heardText });
    }
  };
}
