import type { ConversationEvent, ConversationEventOf } from '@parley/engine';
import type { ServerMessage } from '@parley/protocol';
import { describeFailure } from '@parley/providers';
import { toServerMessage } from './to-server-message';

/** Every event with each of its optional parts. This file does not compile when a type of event is missing here. */
const TABLE: { [Type in ConversationEvent['type']]: [ConversationEventOf<Type>, ServerMessage | undefined][] } = {
  state_changed: (['IDLE', 'USER_SPEAKING', 'AI_PROCESSING', 'AI_SPEAKING'] as const).map((phase, turn) => [
    { type: 'state_changed', phase, turn },
    { type: 'state', state: phase, turn },
  ]),
  transcript: [
    [
      { type: 'transcript', turn: 2, text: 'what ti', isFinal: false },
      { type: 'transcript', turn: 2, text: 'what ti', is_final: false },
    ],
    [
      { type: 'transcript', turn: 2, text: '', isFinal: true },
      { type: 'transcript', turn: 2, text: '', is_final: true },
    ],
  ],
  reply_text: [
    [
      { type: 'reply_text', turn: 3, text: ' is' },
      { type: 'text_response', turn: 3, text: ' is', is_final: false },
    ],
    [
      { type: 'reply_text', turn: 3, text: '', final: { fullText: 'It is.' } },
      { type: 'text_response', turn: 3, text: '', is_final: true, full_text: 'It is.' },
    ],
    [
      { type: 'reply_text', turn: 3, text: '', final: { fullText: 'It is.', heardText: 'It' } },
      { type: 'text_response', turn: 3, text: '', is_final: true, full_text: 'It is.', heard_text: 'It' },
    ],
  ],
  interrupted: (['speech', 'text', 'button'] as const).map((reason) => [
    { type: 'interrupted', turn: 4, reason },
    { type: 'interruption', turn: 4, reason },
  ]),
  tool: (['started', 'ended'] as const).map((status) => [{ type: 'tool', turn: 5, name: 'get_current_time', status }, undefined]),
  turn_measured: [
    [
      { type: 'turn_measured', turn: 6, marks: { speech_end: 0, turn_end: 900 }, speculative: true },
      { type: 'turn_metrics', turn: 6, marks: { speech_end: 0, turn_end: 900 }, speculative: true },
    ],
    [
      {
        type: 'turn_measured',
        turn: 7,
        marks: {},
        speculative: true,
        drafts: { started: 3, kept: 1, cancelled: 2, wastedCharacters: 40, wastedTokens: 10 },
        draftsTotal: { started: 5, kept: 3, cancelled: 2, wastedCharacters: 40, wastedTokens: 10, finalsInVain: 1 },
        heardText: 'It is',
      },
      {
        type: 'turn_metrics',
        turn: 7,
        marks: {},
        speculative: true,
        drafts: { started: 3, kept: 1, cancelled: 2, wasted_characters: 40, wasted_tokens: 10 },
        drafts_total: { started: 5, kept: 3, cancelled: 2, wasted_characters: 40, wasted_tokens: 10, finals_in_vain: 1 },
        heard_text: 'It is',
      },
    ],
  ],
  failure: (['stt', 'llm', 'tts', 'agent'] as const).flatMap((stage) =>
    [true, false].map((fatal): [ConversationEventOf<'failure'>, ServerMessage] => [
      { type: 'failure', turn: 7, stage, reason: 'timeout', fatal },
      { type: 'error', code: `${stage}_failed`, message: describeFailure(stage, 'timeout'), fatal, stage },
    ]),
  ),
  notice: [
    [
      { type: 'notice', turn: 8, notice: 'turn_limit' },
      { type: 'notice', code: 'turn_limit', message: 'That was as long as one turn may be. Please pause to hear the answer.' },
    ],
    [
      { type: 'notice', turn: 8, notice: 'audio_dropped' },
      {
        type: 'notice',
        code: 'audio_dropped',
        message: 'The assistant could not be reached for a while. The oldest of what you said meanwhile is lost.',
      },
    ],
  ],
  budget_spent: [
    [
      { type: 'budget_spent', kind: 'turns', scope: 'conversation' },
      {
        type: 'error',
        code: 'budget_spent',
        message: 'This conversation has used all that one conversation may use. Please start a new one.',
        fatal: true,
      },
    ],
    [
      { type: 'budget_spent', kind: 'voice_characters', scope: 'address', retryAfterMs: 7 },
      {
        type: 'error',
        code: 'budget_spent',
        message: 'All that you may use in one day is used up. Please come back tomorrow.',
        fatal: true,
        retry_after_ms: 7,
      },
    ],
    [
      { type: 'budget_spent', kind: 'recognition_ms', scope: 'day', retryAfterMs: 8 },
      {
        type: 'error',
        code: 'budget_spent',
        message: 'All that this assistant may use in one day is used up. Please come back tomorrow.',
        fatal: true,
        retry_after_ms: 8,
      },
    ],
  ],
  ending_soon: [
    [
      { type: 'ending_soon', inMs: 30_000 },
      { type: 'conversation_ending', in_ms: 30_000 },
    ],
  ],
  ended: (['client', 'inactivity_timeout', 'server_shutdown', 'error'] as const).map((reason) => [
    { type: 'ended', reason },
    { type: 'conversation_ended', reason },
  ]),
};

describe('toServerMessage', () => {
  it.each(Object.values(TABLE).flat())('translates the event %j', (event, message) => {
    expect(toServerMessage(event)).toStrictEqual(message);
  });
});
