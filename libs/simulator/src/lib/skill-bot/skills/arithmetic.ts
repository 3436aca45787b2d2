import { digitsForWords, roundForSpeech, sayNumber } from '../number-words.ts';
import type { Skill } from '../skill.ts';

const NUMBER = '(?:minus )?\\d+(?:\\.\\d+)?';
const OPERATOR = 'plus|minus|times|multiplied by|x|divided by|over';
const EXPRESSION = new RegExp(`(?<![\\w.])${NUMBER}(?: (?:${OPERATOR}) ${NUMBER})+(?![\\w.])`);
const PERCENT = new RegExp(`(?<![\\w.])(${NUMBER}) percent of (${NUMBER})(?![\\w.])`);
const PIECES = new RegExp(`(?<=\\d) (${OPERATOR}) (?=minus \\d|\\d)`);

type Operation = 'plus' | 'minus' | 'times' | 'divided by';
const OPERATIONS: Readonly<Record<string, Operation>> = {
  plus: 'plus',
  minus: 'minus',
  times: 'times',
  'multiplied by': 'times',
  x: 'times',
  'divided by': 'divided by',
  over: 'divided by',
};

/** Sums with numbers in words or digits. The numbers are read back, so that a wrong hearing is heard. */
export const arithmetic: Skill = {
  name: 'arithmetic',
  phrases: [
    'what is {num} {op} {num}',
    'how much is {num} {op} {num}',
    'calculate {num} {op} {num}',
    '{num} {op} {num}',
    'what is {num} percent of {num}',
  ],
  answer(sentence) {
    const digits = digitsForWords(sentence);
    const percent = PERCENT.exec(digits);
    if (percent !== null) {
      const [share, whole] = [toNumber(percent[1]), toNumber(percent[2])];
      return capitalised(`${sayNumber(share)} percent of ${sayNumber(whole)} ${isValue((share * whole) / 100)}`);
    }
    const expression = EXPRESSION.exec(digits);
    return expression === null ? undefined : answerExpression(expression[0]);
  },
};

function answerExpression(expression: string): string {
  const pieces = expression.split(PIECES);
  const numbers = pieces.filter((_, i) => i % 2 === 0).map(toNumber);
  const operations = pieces.filter((_, i) => i % 2 === 1).map((word) => OPERATIONS[word]);
  const value = evaluate(numbers, operations);
  if (value === undefined) return 'Nobody can divide by zero.';
  const spoken = numbers.map((number, i) => (i === 0 ? sayNumber(number) : `${operations[i - 1]} ${sayNumber(number)}`)).join(' ');
  return capitalised(`${spoken} ${isValue(value)}`);
}

/** Times and divided by before plus and minus; undefined when something is divided by zero. */
function evaluate(numbers: readonly number[], operations: readonly Operation[]): number | undefined {
  let sum = 0;
  let term = numbers[0];
  for (const [i, operation] of operations.entries()) {
    const next = numbers[i + 1];
    if (operation === 'times') term *= next;
    else if (operation === 'divided by') {
      if (next === 0) return undefined;
      term /= next;
    } else {
      sum += term;
      term = operation === 'plus' ? next : -next;
    }
  }
  return sum + term;
}

function isValue(value: number): string {
  const about = Math.abs(roundForSpeech(value) - value) > 1e-9 ? 'about ' : '';
  return `is ${about}${sayNumber(value)}.`;
}

function toNumber(words: string): number {
  return words.startsWith('minus ') ? -Number(words.slice('minus '.length)) : Number(words);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
