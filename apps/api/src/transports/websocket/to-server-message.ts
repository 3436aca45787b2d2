import type { DraftCounts } from '@parley/conversation';
import type { ConversationEvent, ConversationEventOf } from '@parley/engine';
import type { DraftMetrics, ServerMessage, TurnMetrics } from '@parley/protocol';
import { failureMessage } from './failure-message';

const NOTICE: Record<ConversationEventOf<'notice'>['notice'], string> = {
  turn_limit: 'That was as long as one turn may be. Please pause to hear the answer.',
  audio_dropped: 'The assistant could not be reached for a while. The oldest of what you said meanwhile is lost.',
};

/** What a conversation tells, in the protocol's words; undefined where the protocol has none for it. */
export function toServerMessage(event: ConversationEvent): ServerMessage | undefined {
  switch (event.type) {
    case 'state_changed':
      return { type: 'state', state: event.phase, turn: event.turn };
    case 'transcript':
      return { type: 'transcript', turn: event.turn, text: event.text, is_final: event.isFinal };
    case 'reply_text':
      return {
        type: 'text_response',
        turn: event.turn,
        text: event.text,
        is_final: event.final !== undefined,
        ...(event.final && wholeText(event.final)),
      };
    case 'interrupted':
      return { type: 'interruption', turn: event.turn, reason: event.reason };
    case 'tool':
      return undefined;
    case 'turn_measured':
      return turnMetrics(event);
    case 'failure':
      return {
        type: 'error',
        code: `${event.stage}_failed`,
        message: failureMessage(event.stage, event.reason),
        fatal: event.fatal,
        stage: event.stage,
      };
    case 'notice':
      return { type: 'notice', code: event.notice, message: NOTICE[event.notice] };
    case 'ending_soon':
      return { type: 'conversation_ending', in_ms: event.inMs };
    case 'ended':
      return { type: 'conversation_ended', reason: event.reason };
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

const draftMetrics = ({ started, kept, cancelled, wastedCharacters, wastedTokens }: DraftCounts): DraftMetrics => ({
  started,
  kept,
  cancelled,
  wasted_characters: wastedCharacters,
  wasted_tokens: wastedTokens,
});
