import type { DraftCounts } from '@parley/conversation';
import type { ConversationEvent, ConversationEventOf } from '@parley/engine';
import type { DraftMetrics, ServerMessage, TurnMetrics } from '@parley/protocol';
import { describeFailure } from '@parley/providers';
import { toBudgetError } from './budget-spent';

/** Translates an event of the conversation into a message of the protocol; undefined when the protocol has none for it. */
export function toServerMessage(notification: ConversationEvent): ServerMessage | undefined {
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
    case 'tool':
      return undefined;
    case 'turn_measured':
      return turnMetrics(notification);
    case 'failure':
      return {
        type: 'error',
        code: `${notification.stage}_failed`,
        message: describeFailure(notification.stage, notification.reason),
        fatal: notification.fatal,
        stage: notification.stage,
      };
    case 'notice':
      return { type: 'notice', code: notification.notice, message: NOTICE[notification.notice] };
    case 'budget_spent':
      return toBudgetError(notification);
    case 'ending_soon':
      return { type: 'conversation_ending', in_ms: notification.inMs };
    case 'ended':
      return { type: 'conversation_ended', reason: notification.reason };
  }
}

const wholeText = ({ fullText, heardText }: NonNullable<ConversationEventOf<'reply_text'>['final']>) => ({
  full_text: fullText,
  ...(heardText !== undefined && { heard_text: heardText }),
});

function turnMetrics(measured: ConversationEventOf<'turn_measured'>): TurnMetrics {
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

const draftMetrics = ({ started, kept, cancelled, wastedCharacters, wastedTokens, finalsInVain }: DraftCounts): DraftMetrics => ({
  started,
  kept,
  cancelled,
  wasted_characters: wastedCharacters,
  wasted_tokens: wastedTokens,
  ...(finalsInVain !== undefined && { finals_in_vain: finalsInVain }),
});

const NOTICE: Record<ConversationEventOf<'notice'>['notice'], string> = {
  turn_limit: 'That was as long as one turn may be. Please pause to hear the answer.',
  audio_dropped: 'The assistant could not be reached for a while. The oldest of what you said meanwhile is lost.',
};
