import type { AgentTurnPolicy, TurnPolicy } from '@parley/conversation';
import type { ConversationRecording } from './conversation-recording';

/** Records conversations. Shared by all of them. */
export interface Recorder {
  /**
   * Starts the recording of a conversation, which must end it with `finish`. `hint` is the name of the turn detector. Returns undefined if
   * nothing is to be recorded.
   */
  begin(conversationId: string, policy: TurnPolicy, hint: string): ConversationRecording | undefined;
  /** The same for a conversation with an agent, which has no turn detector of ours. */
  beginAgent(conversationId: string, policy: AgentTurnPolicy): ConversationRecording | undefined;
  /** The conversation is over, so the rest is written. Does not wait for that. */
  finish(recording: ConversationRecording): void;
}
