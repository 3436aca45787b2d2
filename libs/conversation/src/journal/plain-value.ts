/**
 * Converts values to JSON without loss: numbers that JSON cannot express, and fields that are present but undefined, are kept. Of samples
 * only their number is kept.
 */

/** A value that JSON can hold. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** The key that marks an object as a stand-in for another value. An object that has this key itself is written as a list of entries. */
const MARK = '$';
const SAMPLES = 'samples';
const ENTRIES = 'entries';

/** More samples than any piece of speech has, so that a corrupt journal cannot use up the memory. */
const MAX_SAMPLES = 2 ** 26;

const SPECIAL_NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 };

/** Converts a value. Throws for values that no event or effect contains: functions, symbols and instances of classes. */
export function toPlain(value: unknown): Plain {
  switch (typeof value) {
    case 'undefined':
      return { [MARK]: 'undefined' };
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [MARK]: Object.is(value, -0) ? '-0' : String(value) };
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : objectToPlain(value);
    default:
      throw new TypeError(`a journal cannot hold a ${typeof value}`);
  }
}

function objectToPlain(value: object): Plain {
  if (value instanceof Int16Array) return { [MARK]: SAMPLES, length: value.length };
  if (Array.isArray(value)) return Array.from(value, toPlain);
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof Date) {
    throw new TypeError('a journal holds plain objects, arrays and samples only');
  }
  const entries = Object.entries(value).map(([name, field]): [string, Plain] => [name, toPlain(field)]);
  return Object.hasOwn(value, MARK) ? { [MARK]: ENTRIES, entries } : Object.fromEntries(entries);
}

/** Restores the value that `toPlain` was given, with the same number of silent samples. Throws for anything that `toPlain` never writes. */
export function fromPlain(plain: Plain): unknown {
  if (typeof plain !== 'object' || plain === null) return plain;
  if (isList(plain)) return plain.map(fromPlain);
  if (!Object.hasOwn(plain, MARK)) return fromEntries(Object.entries(plain));
  const mark = plain[MARK];
  if (mark === 'undefined') return undefined;
  if (mark === SAMPLES) return new Int16Array(lengthOf(plain['length']));
  if (mark === ENTRIES && isList(plain['entries'])) return fromEntries(plain['entries'].map(asEntry));
  const number = typeof mark === 'string' && Object.hasOwn(SPECIAL_NUMBERS, mark) ? SPECIAL_NUMBERS[mark] : undefined;
  if (number === undefined) throw new TypeError('a value that no journal of this version holds');
  return number;
}

/** The same text for values with the same meaning: neither the order of fields matters, nor whether a field is undefined or missing. */
export function canonical(value: unknown): string {
  return JSON.stringify(ordered(toPlain(value)));
}

function ordered(plain: Plain): Plain {
  if (typeof plain !== 'object' || plain === null) return plain;
  if (isList(plain)) return plain.map(ordered);
  const fields = Object.entries(plain).filter(([, field]) => !isUndefined(field));
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, ordered(field)]));
}

const isUndefined = (plain: Plain): boolean => typeof plain === 'object' && plain !== null && !isList(plain) && plain[MARK] === 'undefined';

const isList = (plain: Plain | undefined): plain is readonly Plain[] => Array.isArray(plain);

const fromEntries = (entries: readonly (readonly [string, Plain])[]): unknown =>
  Object.fromEntries(entries.map(([name, field]) => [name, fromPlain(field)]));

function asEntry(entry: Plain): [string, Plain] {
  if (!isList(entry) || typeof entry[0] !== 'string' || entry[1] === undefined) throw new TypeError('an entry without a name or a value');
  return [entry[0], entry[1]];
}

function lengthOf(length: Plain | undefined): number {
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > MAX_SAMPLES) {
    throw new TypeError('samples without a length');
  }
  return length;
}
