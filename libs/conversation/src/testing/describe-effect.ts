import type { TurnEffect, TurnNotification } from '../turns/turn-effect';

/** Describes an effect in one short line, so that a spec can list the expected effects in order. */
export function describeEffect(effect: TurnEffect): string {
  switch (effect.type) {
    case 'open_utterance':
      return `open_utterance ${effect.utterance} from ${effect.fromAudioMs}`;
    case 'finish_utterance':
    case 'discard_utterance':
      return `${effect.type} ${effect.utterance}`;
    case 'start_reply':
    case 'finish_speech':
    case 'cancel_reply':
    case 'finish_audio':
      return `${effect.type} ${effect.reply}`;
    case 'speak':
      return `speak ${effect.reply} "${effect.text}"`;
    case 'speak_fallback':
      return `speak_fallback ${effect.reply} ${effect.stage}`;
    case 'send_audio':
      return `send_audio ${effect.reply} ${effect.durationMs}`;
    case 'hold_audio':
    case 'expect_echo':
      return `${effect.type} ${onOff(effect.active)}`;
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

function describeNotification(told: TurnNotification): string {
  switch (told.type) {
    case 'state_changed':
      return `state ${told.phase} ${told.turn}`;
    case 'transcript':
      return `transcript ${told.turn} "${told.text}"${told.isFinal ? ' final' : ''}`;
    case 'reply_text':
      return `reply_text ${told.turn} "${told.text}"${told.final ? describeFinal(told.final) : ''}`;
    case 'interrupted':
      return `interrupted ${told.turn} ${told.reason}`;
    case 'ducked':
    case 'paused':
      return `${told.type} ${told.turn} ${onOff(told.active)}`;
    case 'turn_measured':
      return `measured ${told.turn}`;
    case 'stage_failed':
      return `failed ${told.turn} ${told.stage} ${told.reason}`;
    case 'turn_limit_reached':
      return `turn_limit ${told.turn}`;
    case 'ending_soon':
      return `ending_soon ${told.inMs}`;
    case 'ended':
      return `ended ${told.reason}`;
  }
}

const describeFinal = ({ fullText, heardText }: { fullText: string; heardText?: string }): string =>
  ` final "${fullText}"${heardText === undefined ? '' : ` heard "${heardText}"`}`;

const onOff = (active: boolean): string => (active ? 'on' : 'off');
