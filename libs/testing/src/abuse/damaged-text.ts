import { pickRandom } from '../client/random-choice';
import { VALID_MESSAGES } from './valid-messages';

type Random = () => number;

/** Values that fields are given in place of theirs, as JSON: JavaScript has no way to write some of them. */
const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e\\ufeff"',
  '"__proto__"',
  '"constructor"',
  '"%2e%2e%2f%2e%2e%2fetc%2fpasswd"',
  '"${7*7}<script>"',
  '[]',
  '[[[[[[]]]]]]',
  '{}',
  '{"length":1e9}',
  '{"toString":null,"valueOf":1}',
  '[null,1,"x",{}]',
];
const DEEPEST = 20_000;
const LONGEST_TEXT = 150_000;
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'];

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const pairOf = (name: string, json: string): string => `${JSON.stringify(name)}:${json}`;

/** A message as a list of `"name":value` pairs, so that names may repeat and values may be no JavaScript. */
function pairsOf(random: Random): string[] {
  return Object.entries(pickRandom(VALID_MESSAGES, random)).map(([name, value]) => pairOf(name, JSON.stringify(value)));
}

const objectOf = (pairs: readonly string[]): string => `{${pairs.join(',')}}`;

/** One place of the list is given to `change`, which returns what is there instead. */
function atOnePlace(random: Random, change: (pair: string) => string[]): string {
  const pairs = pairsOf(random);
  const place = below(random, pairs.length);
  return objectOf(pairs.flatMap((pair, index) => (index === place ? change(pair) : [pair])));
}

const nameOf = (pair: string): string => pair.slice(1, pair.indexOf('":'));

function cutOrChanged(random: Random): string {
  const text = objectOf(pairsOf(random));
  const at = below(random, text.length);
  return random() < 0.5 ? text.slice(0, at) : text.slice(0, at) + pickRandom([...'{}[]",:\\0x\n'], random) + text.slice(at + 1);
}

function deep(random: Random): string {
  const depth = 1 + below(random, DEEPEST);
  const [open, close] = pickRandom([['[', ']'] as const, ['{"a":', '}'] as const, ['[{"type":', '}]'] as const], random);
  const middle = open === '[' ? '' : '1';
  const nested = open.repeat(depth) + middle + (random() < 0.7 ? close.repeat(depth) : '');
  return random() < 0.5 ? nested : atOnePlace(random, (pair) => [pairOf(nameOf(pair), nested)]);
}

function anyCharacters(random: Random): string {
  return Array.from({ length: below(random, 400) }, () => String.fromCodePoint(below(random, 0xd7ff))).join('');
}

const WAYS: readonly ((random: Random) => string)[] = [
  (random) => objectOf(pairsOf(random)),
  (random) => atOnePlace(random, () => []),
  (random) => atOnePlace(random, (pair) => [pairOf(nameOf(pair), pickRandom(ODD_VALUES, random))]),
  (random) => atOnePlace(random, (pair) => [pairOf(nameOf(pair), pickRandom(ODD_VALUES, random))]),
  (random) => atOnePlace(random, (pair) => [pair, pairOf(nameOf(pair), pickRandom(ODD_VALUES, random))]),
  (random) => atOnePlace(random, (pair) => [pair, pairOf(pickRandom(PROTOTYPE_KEYS, random), objectOf(pairsOf(random)))]),
  (random) => atOnePlace(random, (pair) => [pairOf(nameOf(pair), JSON.stringify('x'.repeat(below(random, LONGEST_TEXT))))]),
  (random) => `[${objectOf(pairsOf(random))}]`,
  cutOrChanged,
  deep,
  anyCharacters,
];

/** A text message that is wrong in one way, or by chance valid. */
export const damagedText = (random: () => number): string => pickRandom(WAYS, random)(random);
