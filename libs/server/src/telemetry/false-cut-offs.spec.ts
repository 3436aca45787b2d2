import type { ConversationEvent } from '@parley/engine';
import { FalseCutOffs } from './false-cut-offs';

const phase = (name: Extract<ConversationEvent, { type: 'state_changed' }>['phase'], turn: number): ConversationEvent => ({
  type: 'state_changed',
  phase: name,
  turn,
});
const stopped = (reason: 'speech' | 'text' | 'button'): ConversationEvent => ({ type: 'interrupted', turn: 1, reason });
const heard = (heardText: string): ConversationEvent => ({ type: 'turn_measured', turn: 1, marks: {}, speculative: false, heardText });
const heardOf = (fullText: string, heardText: string): ConversationEvent => ({
  type: 'reply_text',
  turn: 1,
  text: '',
  final: { fullText, heardText },
});

const [THINKS, SPEAKS, NEXT] = [phase('AI_PROCESSING', 1), phase('AI_SPEAKING', 1), phase('USER_SPEAKING', 2)];

describe('a false cut-off', () => {
  it.each<[string, ConversationEvent[], number]>([
    ['is a turn that the user goes on after while the answer is awaited', [THINKS, stopped('speech'), NEXT], 1],
    ['is a turn that the user goes on after before any of the answer is heard', [THINKS, SPEAKS, stopped('speech'), heard(''), NEXT], 1],
    ['is also known from the text of which nothing was heard', [THINKS, SPEAKS, heardOf('It is noon.', ''), stopped('speech'), NEXT], 1],
    ['is none when part of the answer was heard', [THINKS, SPEAKS, stopped('speech'), heard('It is'), NEXT], 0],
    ['is none when the user typed', [THINKS, stopped('text'), NEXT], 0],
    ['is none when the user pressed the stop button', [THINKS, stopped('button'), NEXT], 0],
    ['is none when an answer without a voice was being read', [THINKS, SPEAKS, stopped('speech'), NEXT], 0],
    ['is none when the answer was heard to its end', [THINKS, SPEAKS, NEXT], 0],
    ['is none when the conversation ends', [THINKS, SPEAKS, phase('IDLE', 1)], 0],
    ['is counted once for each turn', [THINKS, stopped('speech'), NEXT, phase('AI_PROCESSING', 2), phase('USER_SPEAKING', 3)], 1],
  ])('%s', (_, events, expected) => {
    const cutOffs = new FalseCutOffs();
    expect(events.filter((event) => cutOffs.note(event))).toHaveLength(expected);
  });
});
