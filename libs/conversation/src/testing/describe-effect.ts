import { describeSharedEffect, describeSharedNotification } from './describe-shared-effect';
import type { TurnEffect, TurnNotification } from '../turns/turn-effect';

/** Describes an effect in one short line, so that a spec can list the expected effects in order. */
export function describeEffect(effect: TurnEffect): string {
  switch (effect.type) {
    case 'open_utterance':
      return `open_utterance ${effect.utterance} from ${effect.fromAudioMs}`;
    case 'finish_utterance':
    case 'discard_utterance':
      return `${effect.type} ${effect.utterance}`;
    case 'judge_turn':
      return `judge_turn ${effect.turn} "${effect.text}"${effect.heard ? ` heard ${effect.heard.fromMs}-${effect.heard.toMs}` : ''}`;
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
    case 'notify':
      return describeNotification(effect.notification);
    case 'set_timer':
    case 'clear_timer':
    case 'end_session':
      return describeSharedEffect(effect);
  }
}

function describeNotification(notification: TurnNotification): string {
  switch (notification.type) {
    case 'reply_text':
      return `reply_text ${notification.turn} "${notification.text}"${notification.final ? describeFinal(notification.final) : ''}`;
    case 'ducked':
    case 'paused':
      return `${notification.type} ${notification.turn} ${onOff(notification.active)}`;
    case 'turn_measured':
      return `measured ${notification.turn}`;
    case 'stage_failed':
      return `failed ${notification.turn} ${notification.stage} ${notification.reason}`;
    case 'turn_limit_reached':
      return `turn_limit ${notification.turn}`;
    case 'state_changed':
    case 'transcript':
    case 'interrupted':
    case 'ending_soon':
      return describeSharedNotification(notification);
    case 'ended':
      return `ended ${notification.reason}`;
  }
}

const describeFinal = ({ fullText, heardText }: { fullText: string; heardText?: string }): string =>
  ` final "${fullText}"${heardText === undefined ? '' : ` heard "${heardText}"`}`;

const onOff = (active: boolean): string => (active ? 'on' : 'off');
