import { describeSharedEffect, describeSharedNotification } from './describe-shared-effect';
import type { AgentTurnEffect, AgentTurnNotification } from '../agent-turns/agent-turn-effect';

/** Describes an effect in one short line, so that a spec can list the expected effects in order. */
export function describeAgentEffect(effect: AgentTurnEffect): string {
  switch (effect.type) {
    case 'send_audio':
      return `send_audio ${effect.turn} ${effect.durationMs}`;
    case 'finish_audio':
    case 'cancel_audio':
      return `${effect.type} ${effect.turn}`;
    case 'send_text':
    case 'update_context':
      return `${effect.type} "${effect.text.split('\n').join(' | ')}"`;
    case 'judge_turn':
      return `judge_turn ${effect.turn} "${effect.text}"`;
    case 'take_notice':
      return effect.type;
    case 'notify':
      return describeNotification(effect.notification);
    case 'set_timer':
    case 'clear_timer':
    case 'end_session':
      return describeSharedEffect(effect);
  }
}

function describeNotification(notification: AgentTurnNotification): string {
  switch (notification.type) {
    case 'reply_text':
      return `reply_text ${notification.turn} "${notification.text}"${notification.final ? ` final "${notification.final.fullText}"` : ''}`;
    case 'turn_measured':
      return `measured ${notification.turn}${notification.heardText === undefined ? '' : ` heard "${notification.heardText}"`}`;
    case 'state_changed':
    case 'transcript':
    case 'interrupted':
    case 'ending_soon':
      return describeSharedNotification(notification);
    case 'tool':
      return `tool ${notification.turn} ${notification.name} ${notification.status}`;
    case 'agent_failed':
      return `agent_failed ${notification.turn} ${notification.reason}${notification.fatal ? ' fatal' : ''}`;
    case 'audio_dropped':
      return `audio_dropped ${notification.turn}`;
  }
}
