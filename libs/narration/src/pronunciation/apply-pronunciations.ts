import { findTags } from '../text';
import { type Pronunciation } from './pronunciation';
import { SpokenTextBuilder, type SpokenText } from './spoken-text';

/** The text with the pronunciations, or why they cannot be put in. */
export type AppliedPronunciations = { isRefused: false; spoken: SpokenText } | { isRefused: true; message: string };

const WORD_END = /[\p{L}\p{M}\p{N}_]$/u;
const WORD_START = /^[\p{L}\p{M}\p{N}_]/u;
/** Words of these scripts stand beside each other without a space. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Puts pronunciations into a text, at whole words, the longest word first, outside of markup. An entry in IPA becomes a `<phoneme>` element if
 * the model takes them, and is refused otherwise if its word is in the text. The entries must have passed `checkPronunciations`.
 */
export function applyPronunciations(text: string, entries: readonly Pronunciation[], takesPhonemes: boolean): AppliedPronunciations {
  const lookup = lookupOf(entries);
  const builder = new SpokenTextBuilder(text);
  const { tags } = findTags(text, true);
  for (let index = 0; index < text.length;) {
    const tag = tags.find(({ start }) => start === index);
    const entry = tag ? undefined : entryAt(text, index, lookup);
    if (!entry) {
      index = tag?.end ?? index + characterAt(text, index).length;
      continue;
    }
    const end = index + entry.word.length;
    builder.keepUpTo(index);
    if ('spelling' in entry) builder.replaceUpTo(end, entry.spelling);
    else if (takesPhonemes) {
      builder.markup(`<phoneme alphabet="ipa" ph="${escapeAttribute(entry.ipa)}">`);
      builder.keepUpTo(end);
      builder.markup('</phoneme>');
    } else {
      return {
        isRefused: true,
        message: `The pronunciation of "${entry.word}" is in IPA, which the model does not take. Spell it in another way.`,
      };
    }
    index = end;
  }
  return { isRefused: false, spoken: builder.result() };
}

/** The entries by the first character of their word in lower case, the longest first, and of equal ones the exact one first. */
function lookupOf(entries: readonly Pronunciation[]): Map<string, Pronunciation[]> {
  const lookup = new Map<string, Pronunciation[]>();
  const sorted = [...entries].sort((a, b) => b.word.length - a.word.length || Number(isAnyCase(a.word)) - Number(isAnyCase(b.word)));
  for (const entry of sorted) {
    if (entry.word === '') continue;
    const key = characterAt(entry.word, 0).toLowerCase();
    lookup.set(key, [...(lookup.get(key) ?? []), entry]);
  }
  return lookup;
}

function entryAt(text: string, index: number, lookup: ReadonlyMap<string, Pronunciation[]>): Pronunciation | undefined {
  return lookup.get(characterAt(text, index).toLowerCase())?.find(({ word }) => {
    const found = text.slice(index, index + word.length);
    return (found === word || (isAnyCase(word) && found.toLowerCase() === word)) && isWholeWord(text, index, index + word.length);
  });
}

/** A word in lower case stands for every case of it. */
const isAnyCase = (word: string): boolean => word === word.toLowerCase();

/** Two code units hold the character at either side. */
function isWholeWord(text: string, start: number, end: number): boolean {
  const touches = (left: number): boolean => {
    const before = text.slice(Math.max(0, left - 2), left);
    const after = text.slice(left, left + 2);
    return (
      WORD_END.test(before) && WORD_START.test(after) && !SPACELESS.test(characterAt(text, left)) && !SPACELESS.test(text.charAt(left - 1))
    );
  };
  // A combining mark belongs to the character before it in every script.
  return !touches(start) && !touches(end) && !/^\p{M}/u.test(text.slice(end, end + 2));
}

const characterAt = (text: string, index: number): string => String.fromCodePoint(text.codePointAt(index) ?? 0);

const escapeAttribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
