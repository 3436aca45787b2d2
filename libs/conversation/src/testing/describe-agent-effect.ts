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
    case 'take_notice':
      return effect.type;
    case 'set_timer':
      return `set_timer ${effect.timer} ${effect.delayMs}`;
    case 'clear_timer':
      return `clear_timer ${effect.timer}`;
    case 'notify':
      return describeNotification(effect.notification);
    case 'end_session':
      return `end_session ${effect.reason}`;
  }
}

function describeNotification(told: AgentTurnNotification): string {
  switch (told.type) {
    case 'state_changed':
      return `state ${told.phase} ${told.turn}`;
    case 'transcript':
      return `transcript ${told.turn} "${told.text}"${told.isFinal ? ' final' : ''}`;
    case 'reply_text':
      return `reply_text ${told.turn} "${told.text}"${told.final ? ` final "${told.final.fullText}"` : ''}`;
    case 'interrupted':
      return `interrupted ${told.turn} ${told.reason}`;
    case 'turn_measured':
      return `measured ${told.turn}${told.heardText === undefined ? '' : ` heard "${told.heardText}"`}`;
    case 'ending_soon':
      return `ending_soon ${told.inMs}`;
    case 'tool':
      return `tool ${told.turn} ${told.name} ${told.status}`;
    case 'agent_failed':
      return `agent_failed ${told.turn} ${told.reason}${told.fatal ? ' fatal' : ''}`;
    case 'audio_dropped':
      return `audio_dropped ${told.turn}`;
  }
}
