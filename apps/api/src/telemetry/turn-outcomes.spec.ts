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
    ['none: nothing was said', [phase('USER_SPEAKING', 1), phase('IDLE', 1)], []],
    ['none: a noise', [phase('USER_SPEAKING', 1), heard(''), phase('IDLE', 1)], []],
    [
      'answered, although the words were known before the end of the turn',
      [heard('hi'), phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)],
      ['answered'],
    ],
    [
      'answered by an agent that was lost before it spoke, and is there again',
      [phase('AI_PROCESSING', 1), heard('hi'), lost, phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)],
      ['answered'],
    ],
    [
      'failed: the agent was lost in the middle of its answer',
      [phase('AI_PROCESSING', 1), heard('hi'), phase('AI_SPEAKING', 1), lost, phase('USER_SPEAKING', 2)],
      ['failed'],
    ],
    ['failed: the agent has never answered', [phase('AI_PROCESSING', 1), heard('hi'), lost, phase('USER_SPEAKING', 2)], ['failed']],
    ['none: the agent has greeted the user', [phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)], []],
    [
      'none: the agent was interrupted in its greeting',
      [phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), interrupted, phase('USER_SPEAKING', 2)],
      [],
    ],
    [
      'each of several',
      [phase('AI_PROCESSING', 1), failed, phase('USER_SPEAKING', 2), phase('AI_PROCESSING', 2), phase('USER_SPEAKING', 3)],
      ['failed', 'answered'],
    ],
  ])('is: %s', (_, told, expected) => {
    const outcomes = new TurnOutcomes();
    expect(told.map((event) => outcomes.note(event)).filter((outcome) => outcome !== undefined)).toEqual(expected);
  });
});
