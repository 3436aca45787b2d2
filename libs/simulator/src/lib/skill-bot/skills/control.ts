import type { Skill } from '../skill.ts';

const SOMETHING_ELSE = /\b(?:(?:ask|want|say|know) something else|have (?:another|a) question|ask (?:you )?(?:another|a) question)\b/;
const STOP_WORDS = [
  'stop talking',
  'stop it',
  'stop',
  'be quiet',
  'quiet',
  'shut up',
  'that is enough',
  'enough',
  'cancel that',
  'cancel',
  'silence',
  'pause',
];
const WAIT_WORDS = ['wait', 'hold on', 'a minute', 'a second', 'a moment', 'one moment', 'one second', 'just'];
const FILLERS = ['no', 'please', 'okay', 'now', 'hey'];
const oneOrMoreOf = (phrases: readonly string[]): RegExp => new RegExp(`^(?:(?:${phrases.join('|')})(?: |$))+$`);
const NEVER_MIND = /^(?:never mind|forget it|forget that)$/;
const STOP = oneOrMoreOf([...STOP_WORDS, ...WAIT_WORDS, ...FILLERS]);
const WAIT = oneOrMoreOf([...WAIT_WORDS, ...FILLERS]);

/** The words that stop or hold the assistant: short answers, as the user wants to speak. */
export const control: Skill = {
  name: 'control',
  phrases: [
    'stop',
    'stop talking',
    'stop talking please',
    'please stop',
    'be quiet',
    'never mind',
    'wait',
    'wait a minute',
    'wait a second',
    'hold on',
    'wait stop',
    'no wait',
    'cancel that',
    'that is enough',
    'wait i want to ask something else',
    'i want to ask something else',
    'can i ask something else',
    'i have another question',
  ],
  answer(sentence) {
    if (SOMETHING_ELSE.test(sentence)) return 'Of course. What would you like to know?';
    if (NEVER_MIND.test(sentence)) return 'No problem.';
    if (WAIT.test(sentence)) return 'I am listening.';
    return STOP.test(sentence) ? 'Okay.' : undefined;
  },
};
