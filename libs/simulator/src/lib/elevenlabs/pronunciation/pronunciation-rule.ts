import { isObject } from '../../server/json';

/** How a word is to be pronounced: by another spelling or by phonemes. */
export interface PronunciationRule {
  type: 'alias' | 'phoneme';
  stringToReplace: string;
  /** The other spelling or the phonemes. */
  replacement: string;
  /** Of phonemes only. */
  alphabet: string | undefined;
  caseSensitive: boolean;
  wordBoundaries: boolean;
}

const ALPHABETS: readonly unknown[] = ['ipa', 'cmu-arpabet', 'cmu'];

/** The rule as a client writes it; undefined when it does not fit the schema. */
export function readRule(value: unknown): PronunciationRule | undefined {
  if (!isObject(value)) return undefined;
  const { type, string_to_replace: word, alias, phoneme, alphabet, case_sensitive: caseSensitive, word_boundaries: wordBoundaries } = value;
  if (typeof word !== 'string' || word.trim() === '') return undefined;
  const common = { stringToReplace: word, caseSensitive: caseSensitive !== false, wordBoundaries: wordBoundaries !== false };
  if (type === 'alias' && typeof alias === 'string') return { ...common, type, replacement: alias, alphabet: undefined };
  if (type !== 'phoneme' || typeof phoneme !== 'string' || typeof alphabet !== 'string' || !ALPHABETS.includes(alphabet)) return undefined;
  return { ...common, type, replacement: phoneme, alphabet };
}

/** The rule as the vendor shows it. */
export function ruleRow({ type, stringToReplace, replacement, alphabet, caseSensitive, wordBoundaries }: PronunciationRule): object {
  const common = { type, string_to_replace: stringToReplace, case_sensitive: caseSensitive, word_boundaries: wordBoundaries };
  return type === 'alias' ? { ...common, alias: replacement } : { ...common, phoneme: replacement, alphabet };
}
