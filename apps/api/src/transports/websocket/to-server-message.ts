import type { DraftCounts, TurnNotification } from '@parley/conversation';
import type { DraftMetrics, ServerMessage, TurnMetrics } from '@parley/protocol';
import { failureMessage } from './failure-message';

/** What the turn engine has to say, in the protocol's words. */
export function toServerMessage(notification: TurnNotification): ServerMessage {
  switch (notification.type) {
    case 'state_changed':
      return { type: 'state', state: notification.phase, turn: notification.turn };
    case 'transcript':
      return { type: 'transcript', turn: notification.turn, text: notification.text, is_final: notification.isFinal };
    case 'reply_text':
      return {
        type: 'text_response',
        turn: notification.turn,
        text: notification.text,
        is_final: notification.final !== undefined,
        ...(notification.final && wholeText(notification.final)),
      };
    case 'interrupted':
      return { type: 'interruption', turn: notification.turn, reason: notification.reason };
    case 'ducked':
      return { type: 'duck', turn: notification.turn, active: notification.active };
    case 'paused':
      return { type: 'pause', turn: notification.turn, active: notification.active };
    case 'turn_measured':
      return turnMetrics(notification);
    case 'stage_failed':
      return {
        type: 'error',
        code: `${notification.stage}_failed`,
        message: failureMessage(notification.stage, notification.reason),
        fatal: false,
        stage: notification.stage,
      };
    case 'turn_limit_reached':
      return { type: 'notice', code: 'turn_limit', message: 'That was as long as one turn may be. Please pause to hear the answer.' };
    case 'ending_soon':
      return { type: 'conversation_ending', in_ms: notification.inMs };
    case 'ended':
      return { type: 'conversation_ended', reason: notification.reason };
  }
}

const wholeText = ({ fullText, heardText }: NonNullable<Extract<TurnNotification, { type: 'reply_text' }>['final']>) => ({
  full_text: fullText,
  ...(heardText !== undefined && { heard_text: heardText }),
});

function turnMetrics(measured: Extract<TurnNotification, { type: 'turn_measured' }>): TurnMetrics {
  const { turn, marks, speculative, drafts, draftsTotal, heardText } = measured;
  return {
    type: 'turn_metrics',
    turn,
    marks,
    speculative,
    ...(drafts && { drafts: draftMetrics(drafts) }),
    ...(draftsTotal && { drafts_total: draftMetrics(draftsTotal) }),
    ...(heardText !== undefined && { heard_text: heardText }),
  };
}

const draftMetrics = ({ started, kept, cancelled, wastedCharacters, wastedTokens }: DraftCounts): DraftMetrics => ({
  started,
  kept,
  cancelled,
  wasted_characters: wastedCharacters,
  wasted_tokens: wastedTokens,
});
