import { digitsForWords, sayNumber } from '../number-words.ts';
import type { Skill } from '../skill.ts';

const COUNT_LIMIT = 50;

/** Chance, counting and spelling. */
export const games: Skill = {
  name: 'games',
  phrases: ['flip a coin', 'roll a dice', 'pick a number', 'spell {name}', 'count to {num}'],
  answer(sentence, { random }) {
    if (/\b(?:flip|toss|throw) a coin\b/.test(sentence)) return random() < 0.5 ? 'Heads.' : 'Tails.';
    if (/\b(?:roll|throw) (?:a|the) (?:dice|die)\b/.test(sentence)) return `It is a ${sayNumber(1 + Math.floor(random() * 6))}.`;
    if (/\bpick a (?:random )?number\b/.test(sentence)) return `I pick ${sayNumber(1 + Math.floor(random() * 10))}.`;
    const spelled = /^(?:how do you )?spell (?:the word )?([a-z]+)$/.exec(sentence);
    if (spelled !== null) return `${[...spelled[1].toUpperCase()].join(', ')}.`;
    const counted = /^count (?:up )?to (\d+)\b/.exec(digitsForWords(sentence));
    return counted === null ? undefined : countTo(Number(counted[1]));
  },
};

function countTo(last: number): string {
  if (last < 1) return 'That is already counted.';
  if (last > COUNT_LIMIT) return `That is a lot. I count to ${sayNumber(COUNT_LIMIT)} at most.`;
  const numbers = Array.from({ length: last }, (_, i) => sayNumber(i + 1)).join(', ');
  return `${numbers.charAt(0).toUpperCase()}${numbers.slice(1)}.`;
}
