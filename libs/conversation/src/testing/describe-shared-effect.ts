import type { AgentTurnEffect, AgentTurnNotification } from '../agent-turns/agent-turn-effect';
import type { TurnEffect, TurnNotification } from '../turns/turn-effect';

/** The effects and notifications that both turn engines have. */
type SharedEffect = Extract<TurnEffect | AgentTurnEffect, { type: 'set_timer' | 'clear_timer' | 'end_session' }>;
type SharedNotification = Extract<
  TurnNotification | AgentTurnNotification,
  { type: 'state_changed' | 'transcript' | 'interrupted' | 'ending_soon' }
>;

export function describeSharedEffect(effect: SharedEffect): string {
  switch (effect.type) {
    case 'set_timer':
      return `set_timer ${effect.timer} ${effect.delayMs}`;
    case 'clear_timer':
      return `clear_timer ${effect.timer}`;
    case 'end_session':
      return `end_session ${effect.reason}`;
  }
}

export function describeSharedNotification(notification: SharedNotification): string {
  switch (notification.type) {
    case 'state_changed':
      return `state ${notification.phase} ${notification.turn}`;
    case 'transcript':
      return `transcript ${notification.turn} "${notification.text}"${notification.isFinal ? ' final' : ''}`;
    case 'interrupted':
      return `interrupted ${notification.turn} ${notification.reason}`;
    case 'ending_soon':
      return `ending_soon ${notification.inMs}`;
  }
}
