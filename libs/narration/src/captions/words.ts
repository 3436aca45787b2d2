import { findBreaks, findTags } from '../text';
import { type CharacterTimes, type UnitTime } from './alignment';
import { timeText } from './time-text';

export interface TimedWord {
  /** With its punctuation. */
  text: string;
  startMs: number;
  endMs: number;
  /** UTF-16 index in the text. */
  offset: number;
  /** What ends with it, if more text follows. */
  ends?: 'sentence' | 'clause';
}

/** Scripts that are written without spaces between words. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * The words of a text with their times. Markup (`<phoneme …>`, `[laughs]`) is no word, but what stands in an element is. The alignment may
 * differ from the text (see `timeText`); without any times there are no words. `fromMs` is where its time 0 is in the whole audio.
 */
export function timedWords(text: string, alignment: CharacterTimes, fromMs = 0): TimedWord[] {
  const plain = withoutMarkup(text);
  const times = timeText(text, alignment);
  if (!times) return [];
  const ends = endings(plain);
  return wordPlaces(plain).map(({ start, end }) => ({
    text: plain.slice(start, end),
    startMs: Math.round(fromMs + (times[start]?.startMs ?? 0)),
    endMs: Math.round(fromMs + endOf(times, start, end)),
    offset: start,
    ...ends(end),
  }));
}

/** Tells what ends with a word that ends at an index: abbreviations and numbers end nothing. */
function endings(text: string): (end: number) => Pick<TimedWord, 'ends'> {
  const kinds = new Map<number, TimedWord['ends']>();
  for (const { index, kind } of findBreaks(text, true).breaks) {
    const end = text.slice(0, index).trimEnd().length;
    if (kind !== 'word') kinds.set(end, kind === 'clause' ? (kinds.get(end) ?? 'clause') : 'sentence');
  }
  return (end) => {
    const kind = kinds.get(end);
    return kind ? { ends: kind } : {};
  };
}

const endOf = (times: readonly UnitTime[], start: number, end: number): number => {
  const last = times[end - 1]?.endMs ?? 0;
  return Math.max(last, times[start]?.startMs ?? 0);
};

/** The text with spaces in the place of its markup. */
export function withoutMarkup(text: string): string {
  let plain = text;
  for (const { start, end } of findTags(text, true).tags) {
    const blank = text.slice(start, end).replace(/<[^<>]*>|^\[\/?\p{L}[^\]]*\]$/gu, (tag) => ' '.repeat(tag.length));
    plain = plain.slice(0, start) + blank + plain.slice(end);
  }
  return plain;
}

interface Place {
  start: number;
  end: number;
}

function wordPlaces(text: string): Place[] {
  return [...text.matchAll(/\S+/gu)].flatMap((match) => {
    const [word] = match;
    return SPACELESS.test(word) ? spacelessPlaces(word, match.index) : [{ start: match.index, end: match.index + word.length }];
  });
}

/** Punctuation belongs to the word before it. */
function spacelessPlaces(run: string, offset: number): Place[] {
  const places: Place[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(run)) {
    const last = places.at(-1);
    const end = offset + index + segment.length;
    if (isWordLike || !last) places.push({ start: offset + index, end });
    else last.end = end;
  }
  return places;
}
