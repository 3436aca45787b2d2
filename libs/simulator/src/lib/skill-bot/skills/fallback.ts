import type { Skill } from '../skill.ts';

const MAX_QUOTED = 200;

/** General knowledge: what a real model would answer. The words heard are said back, so that a wrong hearing is visible. */
export const fallback: Skill = {
  name: 'fallback',
  phrases: ['who wrote {work}', 'what is the capital of france', 'what is the capital of germany'],
  answer(sentence) {
    if (sentence === '') return 'I heard nothing. Say help to hear what I can do.';
    const quoted = sentence.length <= MAX_QUOTED ? sentence : sentence.slice(0, sentence.lastIndexOf(' ', MAX_QUOTED));
    return `I am the built-in demo. I heard: ${quoted}. Add a key for a real answer, or say help.`;
  },
};
