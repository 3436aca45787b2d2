import type { ConversationEvent } from '@parley/engine';
import { TurnOutcomes } from './turn-outcomes';

const phase = (name: Extract<ConversationEvent, { type: 'state_changed' }>['phase'], turn: number): ConversationEvent => ({
  type: 'state_changed',
  phase: name,
  turn,
});
const interrupted: ConversationEvent = { type: 'interrupted', turn: 1, reason: 'speech' };
const failed: ConversationEvent = { type: 'failure', turn: 1, stage: 'llm', reason: 'timeout', fatal: false };
const lost: ConversationEvent = { type: 'failure', turn: 1, stage: 'agent', reason: 'connection_lost', fatal: false };
const heard = (text: string): ConversationEvent => ({ type: 'transcript', turn: 1, text, isFinal: true });

describe('the outcome of a turn', () => {
  it.each<[string, ConversationEvent[], (string | undefined)[]]>([
    ['answered', [phase('AI_PROCESSING', 1), heard('hi'), phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)], ['answered']],
    [
      'interrupted',
      [phase('AI_PROCESSING', 1), heard('hi'), phase('AI_SPEAKING', 1), interrupted, phase('USER_SPEAKING', 2)],
      ['interrupted'],
    ],
    ['failed', [phase('AI_PROCESSING', 1), failed, phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)], ['failed']],
    ['failed, and then interrupted', [phase('AI_PROCESSING', 1), failed, interrupted, phase('USER_SPEAKING', 2)], ['failed']],
    ['not understood', [phase('AI_PROCESSING', 1), heard(''), phase('USER_SPEAKING', 2)], ['not_understood']],
    ['abandoned', [phase('AI_PROCESSING', 1), heard('hi'), phase('AI_SPEAKING', 1), phase('IDLE', 1)], ['abandoned']],
    ['none, because nothing was said', [phase('USER_SPEAKING', 1), phase('IDLE', 1)], []],
    ['none, because it was only a noise', [phase('USER_SPEAKING', 1), heard(''), phase('IDLE', 1)], []],
    [
      'answered, when the words were already known before the turn ended',
      [heard('hi'), phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)],
      ['answered'],
    ],
    [
      'answered, when the agent was lost before it spoke and has reconnected',
      [phase('AI_PROCESSING', 1), heard('hi'), lost, phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)],
      ['answered'],
    ],
    [
      'failed, because the agent was lost in the middle of its answer',
      [phase('AI_PROCESSING', 1), heard('hi'), phase('AI_SPEAKING', 1), lost, phase('USER_SPEAKING', 2)],
      ['failed'],
    ],
    ['failed, because the agent never answered', [phase('AI_PROCESSING', 1), heard('hi'), lost, phase('USER_SPEAKING', 2)], ['failed']],
    ['none, because the agent only greeted the user', [phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)], []],
    [
      'none, because the agent was interrupted during its greeting',
      [phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), interrupted, phase('USER_SPEAKING', 2)],
      [],
    ],
    [
      'counted separately for each of several turns',
      [phase('AI_PROCESSING', 1), failed, phase('USER_SPEAKING', 2), phase('AI_PROCESSING', 2), phase('USER_SPEAKING', 3)],
      ['failed', 'answered'],
    ],
  ])('is %s', (_, events, expected) => {
    const outcomes = new TurnOutcomes();
    expect(events.map((event) => outcomes.note(event)).filter((outcome) => outcome !== undefined)).toEqual(expected);
  });
});
