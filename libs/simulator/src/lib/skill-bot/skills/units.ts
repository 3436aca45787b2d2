import { digitsForWords, roundForSpeech, sayNumber } from '../number-words.ts';
import type { Skill, SkillContext } from '../skill.ts';
import { normalise } from '../normalise.ts';

interface Unit {
  one: string;
  many: string;
  kind: 'length' | 'mass' | 'volume' | 'time' | 'temperature';
  /** Metres, grams, litres or seconds in one; for temperatures degrees celsius in one degree. */
  factor: number;
  /** Degrees celsius at zero. */
  offset?: number;
}

interface Conversion {
  value: number;
  from: Unit;
  to: Unit;
}

const unit = (one: string, many: string, kind: Unit['kind'], factor: number): Unit => ({ one, many, kind, factor });

const UNITS: readonly Unit[] = [
  unit('inch', 'inches', 'length', 0.0254),
  unit('foot', 'feet', 'length', 0.3048),
  unit('yard', 'yards', 'length', 0.9144),
  unit('mile', 'miles', 'length', 1609.344),
  unit('millimeter', 'millimeters', 'length', 0.001),
  unit('centimeter', 'centimeters', 'length', 0.01),
  unit('meter', 'meters', 'length', 1),
  unit('kilometer', 'kilometers', 'length', 1000),
  unit('ounce', 'ounces', 'mass', 28.349523125),
  unit('pound', 'pounds', 'mass', 453.59237),
  unit('gram', 'grams', 'mass', 1),
  unit('kilogram', 'kilograms', 'mass', 1000),
  unit('cup', 'cups', 'volume', 0.2365882365),
  unit('gallon', 'gallons', 'volume', 3.785411784),
  unit('milliliter', 'milliliters', 'volume', 0.001),
  unit('liter', 'liters', 'volume', 1),
  unit('second', 'seconds', 'time', 1),
  unit('minute', 'minutes', 'time', 60),
  unit('hour', 'hours', 'time', 3600),
  unit('day', 'days', 'time', 86_400),
  unit('week', 'weeks', 'time', 604_800),
  unit('year', 'years', 'time', 365.25 * 86_400),
  { one: 'degree celsius', many: 'degrees celsius', kind: 'temperature', factor: 1, offset: 0 },
  { one: 'degree fahrenheit', many: 'degrees fahrenheit', kind: 'temperature', factor: 5 / 9, offset: -160 / 9 },
];

const SPELLINGS: Readonly<Record<string, string>> = {
  metre: 'meter',
  metres: 'meters',
  kilometre: 'kilometer',
  kilometres: 'kilometers',
  centimetre: 'centimeter',
  centimetres: 'centimeters',
  litre: 'liter',
  litres: 'liters',
  km: 'kilometers',
  cm: 'centimeters',
  mm: 'millimeters',
  kg: 'kilograms',
  lbs: 'pounds',
  celsius: 'degrees celsius',
  fahrenheit: 'degrees fahrenheit',
};

const BY_NAME: ReadonlyMap<string, Unit> = new Map(
  UNITS.flatMap((each) => {
    const spellings = Object.keys(SPELLINGS).filter((spelling) => SPELLINGS[spelling] === each.one || SPELLINGS[spelling] === each.many);
    return [each.one, each.many, ...spellings].map((name) => [name, each] as const);
  }),
);

const NAMES = [...BY_NAME.keys(), 'degrees'].sort((a, b) => b.length - a.length).join('|');
const AMOUNT = '(a|an|minus \\d+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)';
const CONVERT = new RegExp(`(?<![\\w.])${AMOUNT} (${NAMES}) (?:to|in|into|as) (${NAMES})\\b`);
const HOW_MANY = new RegExp(`\\bhow many (${NAMES}) (?:are there in|are in|is in|in|is|are|make) ${AMOUNT} (${NAMES})\\b`);
const CORRECTION = new RegExp(`\\bi meant ${AMOUNT} (${NAMES})$`);

/** Unit conversions; "I meant ten miles" repeats the last one with another amount. */
export const units: Skill = {
  name: 'units',
  phrases: [
    'how many {unit} are in a {unit1}',
    'how many {unit} are there in {num} {unit}',
    'convert {num} {unit} to {unit}',
    'what is {num} {unit} in {unit}',
    'how many {unit} in a {unit1}',
    'actually i meant {num} {unit}',
  ],
  answer(sentence, context) {
    const conversion = findConversion(sentence);
    if (conversion !== undefined) return sayConversion(conversion);
    const correction = CORRECTION.exec(digitsForWords(sentence));
    return correction === null ? undefined : answerCorrection(correction[1], correction[2], context);
  },
};

function findConversion(sentence: string): Conversion | undefined {
  const digits = digitsForWords(sentence);
  const convert = CONVERT.exec(digits);
  if (convert !== null) return conversionOf(convert[1], convert[2], convert[3]);
  const howMany = HOW_MANY.exec(digits);
  return howMany === null ? undefined : conversionOf(howMany[2], howMany[3], howMany[1]);
}

function answerCorrection(amount: string, fromName: string, { history }: SkillContext): string {
  for (const { role, content } of [...history].reverse()) {
    const earlier = role === 'user' ? findConversion(normalise(content)) : undefined;
    const corrected = earlier === undefined ? undefined : conversionOf(amount, fromName, earlier.to.many);
    if (corrected !== undefined) return sayConversion(corrected);
  }
  return 'There is nothing to correct yet. Ask me to convert something.';
}

function conversionOf(amount: string, fromName: string, toName: string): Conversion | undefined {
  const value = /^an?$/.test(amount) ? 1 : Number(amount.replace('minus ', '-'));
  const [from, to] = [unitNamed(fromName, toName), unitNamed(toName, fromName)];
  return from === undefined || to === undefined ? undefined : { value, from, to };
}

/** "Degrees" alone are the other scale than the one that is named. */
function unitNamed(name: string, other: string): Unit | undefined {
  if (name !== 'degrees') return BY_NAME.get(name);
  return BY_NAME.get(other.endsWith('celsius') ? 'fahrenheit' : 'celsius');
}

function sayConversion({ value, from, to }: Conversion): string {
  if (from.kind !== to.kind) return `That does not work. I cannot turn ${from.many} into ${to.many}.`;
  const result = (value * from.factor + (from.offset ?? 0) - (to.offset ?? 0)) / to.factor;
  const rounded = roundForSpeech(result);
  if (rounded === 0 && result !== 0) return `${capitalised(amountOf(value, from))} is less than a hundredth of ${article(to.one)}.`;
  const about = Math.abs(rounded - result) > 1e-9 ? 'about ' : '';
  return `${capitalised(amountOf(value, from))} is ${about}${amountOf(rounded, to)}.`;
}

function amountOf(value: number, { one, many }: Unit): string {
  return `${sayNumber(value)} ${value === 1 ? one : many}`;
}

function article(name: string): string {
  return `${/^(?:[aeio]|hour)/.test(name) ? 'an' : 'a'} ${name}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
