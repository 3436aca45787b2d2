import type { AgentTurnPolicy, TurnPolicy } from '@parley/conversation';
import type { ConversationRecording } from './conversation-recording';

/** Records conversations. Shared by all of them. */
export interface Recorder {
  /**
   * The record of a conversation that starts, which ends it with `finish`. `hint` names the turn detector in force. `undefined` where nothing
   * is to be recorded.
   */
  begin(conversationId: string, policy: TurnPolicy, hint: string): ConversationRecording | undefined;
  /** The same of a conversation with an agent, which takes the turns itself. */
  beginAgent(conversationId: string, policy: AgentTurnPolicy): ConversationRecording | undefined;
  /** The conversation is over: what is left is written. Does not wait. */
  finish(recording: ConversationRecording): void;
}
