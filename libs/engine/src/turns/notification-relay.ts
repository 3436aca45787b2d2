import type { AgentTurnNotification, TurnNotification } from '@parley/conversation';
import type { Connection, ConversationEvent } from '../ports';

/** The notifications of both turn engines while the conversation runs. */
export type RunningNotification = Exclude<TurnNotification, { type: 'ended' }> | AgentTurnNotification;

/** Receives every event before the client does. */
export type ObserveConversation = (event: ConversationEvent) => void;

/** Passes the notifications of a conversation's turns on: some to the audio output, the others as events. */
export class NotificationRelay {
  constructor(
    private readonly connection: Connection,
    private readonly observe: ObserveConversation | undefined,
  ) {}

  tell(notification: RunningNotification): void {
    const { output } = this.connection;
    switch (notification.type) {
      case 'ducked':
        return output.duck(notification.turn, notification.active);
      case 'paused':
        return output.pause(notification.turn, notification.active);
      case 'interrupted':
        output.clear(notification.turn);
        return this.emit(notification);
      case 'stage_failed':
        return this.emit({ ...notification, type: 'failure', fatal: false });
      case 'agent_failed':
        return this.emit({ ...notification, type: 'failure', stage: 'agent' });
      case 'turn_limit_reached':
        return this.emit({ type: 'notice', turn: notification.turn, notice: 'turn_limit' });
      case 'audio_dropped':
        return this.emit({ type: 'notice', turn: notification.turn, notice: 'audio_dropped' });
      default:
        return this.emit(notification);
    }
  }

  emit(event: ConversationEvent): void {
    this.observe?.(event);
    this.connection.emit(event);
  }
}
