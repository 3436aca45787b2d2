import { DOTTED_END, INITIAL_END, LIST_NUMBER_END, NUMBER_WORD_END, TITLE_END, TRAILING_END } from './abbreviations';
import { findTags, tagAround } from './tags';

/** How good a place for a cut is, best first. `paragraph` counts as the end of a sentence too. */
export type BreakKind = 'paragraph' | 'sentence' | 'clause' | 'word';

/** A place where a text can be cut: before the UTF-16 index. */
export interface Break {
  index: number;
  kind: BreakKind;
}

export interface FoundBreaks {
  /** In order. */
  breaks: Break[];
  /** Up to this index, more text would change nothing. */
  certainUpTo: number;
}

/** White space where a line may be broken. "\r\n" is one character. */
const SPACE = /\r\n|[^\S\u00a0\u2007\u202f\ufeff]/gu;
/** Marks of scripts that are written without a space after the mark. */
const SENTENCE_MARKS = '。．｡！？।॥۔؟꯫᱾᱿';
const CLAUSE_MARKS = '，、；：､،؛—';
const CLOSERS = `["'”’»）」』】》)\\]*_]*`;
const UNSPACED_SENTENCE = new RegExp(`[${SENTENCE_MARKS}]+${CLOSERS}`, 'gu');
const UNSPACED_CLAUSE = new RegExp(`[${CLAUSE_MARKS}]+${CLOSERS}`, 'gu');
/** After one of these, the cut is behind the next mark. */
const FOLLOWING_MARK = new RegExp(`[${SENTENCE_MARKS}${CLAUSE_MARKS}.,;:!?\\p{M}\\u200d]`, 'u');
const SENTENCE_END = new RegExp(`[!?${SENTENCE_MARKS}]${CLOSERS}$`, 'u');
const FULL_STOP_END = new RegExp(`(\\.+)${CLOSERS}$`, 'u');
const CLAUSE_END = new RegExp(`(?:[,;:–…${CLAUSE_MARKS}]|\\S[^\\S\\n]-)${CLOSERS}$`, 'u');
const DIGIT_END = /\p{Nd}["'”’)\]]*$/u;
const DIGIT_AND_MARK_END = new RegExp(`\\p{Nd}[^\\S\\n]?[,.;:–‐-${CLAUSE_MARKS}．]?$`, 'u');
const HIGH_SURROGATE_END = /[\ud800-\udbff]$/;
/** As long as abbreviations and what stands before them. */
const CONTEXT = 40;

/**
 * Finds where a text can be cut without dividing a word, a number, a date, an abbreviation or markup. `isWhole` means that no more text
 * follows. Otherwise breaks that more text could undo are left out, so that the places do not depend on how the text arrives.
 */
export function findBreaks(text: string, isWhole: boolean): FoundBreaks {
  const known = !isWhole && HIGH_SURROGATE_END.test(text) ? text.slice(0, -1) : text;
  const { tags, openAt } = findTags(known, isWhole);
  const candidates = [...spacedBreaks(known), ...unspacedBreaks(known)].sort((a, b) => a.index - b.index);
  let certainUpTo = openAt ?? known.length;
  const breaks: Break[] = [];
  for (const { index, kind } of candidates) {
    if (index > certainUpTo || tagAround(tags, index)) continue;
    if (kind === 'undecided') certainUpTo = index - 1;
    else if (!isWhole || index < known.length) breaks.push({ index, kind });
  }
  return { breaks, certainUpTo: isWhole ? known.length : certainUpTo };
}

interface Candidate {
  index: number;
  kind: BreakKind | 'undecided';
}

function* spacedBreaks(text: string): Generator<Candidate> {
  for (const match of text.matchAll(SPACE)) {
    const index = match.index + match[0].length;
    const before = text.slice(Math.max(0, match.index - CONTEXT), match.index);
    const next = index === text.length ? undefined : characterAt(text, index);
    // "\r" may be the first half of "\r\n".
    const kind = match[0] === '\r' && next === undefined ? 'undecided' : spacedKind(before, match[0], next);
    if (kind) yield { index, kind };
  }
}

/** What the place behind a white space character is. `next` is the character there, if it is known. */
function spacedKind(before: string, space: string, next: string | undefined): Candidate['kind'] | undefined {
  const isLineEnd = /[\r\n]/u.test(space);
  if (isLineEnd && /[\r\n][^\S\r\n]*$/u.test(before)) return 'paragraph';
  if (before === '' || /\s$/u.test(before)) return undefined;
  if ([TITLE_END, INITIAL_END, DOTTED_END, LIST_NUMBER_END].some((pattern) => pattern.test(before))) return undefined;
  if (SENTENCE_END.test(before)) return 'sentence';
  const stops = FULL_STOP_END.exec(before)?.[1];
  const isNumberWord = NUMBER_WORD_END.test(before);
  if (stops === '.' && !isNumberWord && !TRAILING_END.test(before)) return 'sentence';
  if (next === undefined) return 'undecided';
  if (isNumberWord) return isDigit(next) ? undefined : 'sentence';
  const isClause = isLineEnd || stops !== undefined || CLAUSE_END.test(before);
  if (/[\p{M}\u200d]/u.test(next)) return undefined;
  if (isDigit(next) && (!isClause || DIGIT_AND_MARK_END.test(before))) return undefined;
  if (isClause) return 'clause';
  // A unit, a month or "a.m." often follows a number.
  return DIGIT_END.test(before) ? undefined : 'word';
}

function* unspacedBreaks(text: string): Generator<Candidate> {
  const lists: readonly [RegExp, BreakKind][] = [
    [UNSPACED_SENTENCE, 'sentence'],
    [UNSPACED_CLAUSE, 'clause'],
  ];
  for (const [pattern, kind] of lists) {
    for (const match of text.matchAll(pattern)) {
      const index = match.index + match[0].length;
      if (index === text.length) yield { index, kind: 'undecided' };
      else if (isUnspacedBreak(text.slice(Math.max(0, index - CONTEXT), index), characterAt(text, index))) yield { index, kind };
    }
  }
}

/** White space behind the mark belongs to the piece: `spacedBreaks` finds the place behind it. */
const isUnspacedBreak = (before: string, next: string): boolean =>
  !/\s/u.test(next) && !FOLLOWING_MARK.test(next) && !(isDigit(next) && DIGIT_AND_MARK_END.test(before));

const isDigit = (character: string): boolean => /\p{Nd}/u.test(character);

const characterAt = (text: string, index: number): string => String.fromCodePoint(text.codePointAt(index) ?? 0);
