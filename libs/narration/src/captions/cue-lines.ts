import { graphemeCut } from '../text';
import { CUE_LINE_MAX, CUE_LINES_MAX } from './cue';
import { type TimedWord } from './words';

/** The text of neighbouring words: without a space in scripts that have none. */
export const joinWords = (words: readonly TimedWord[]): string => words.map((word, index) => gapBefore(words, index) + word.text).join('');

const gapBefore = (words: readonly TimedWord[], index: number): string => {
  const before = words[index - 1];
  const word = words[index];
  return before && word && before.offset + before.text.length < word.offset ? ' ' : '';
};

/** Breaks words into lines, two of about the same length if one is not enough. Undefined if they do not fit. */
export function cueLines(words: readonly TimedWord[]): string[] | undefined {
  const whole = joinWords(words);
  if (whole.length <= CUE_LINE_MAX) return [whole];
  if (whole.length > CUE_LINE_MAX * CUE_LINES_MAX + 1) return undefined;
  let best: string[] | undefined;
  for (let index = 1; index < words.length; index += 1) {
    const lines = [joinWords(words.slice(0, index)), joinWords(words.slice(index))];
    if (longest(lines) <= CUE_LINE_MAX && (!best || longest(lines) < longest(best))) best = lines;
  }
  return best;
}

const longest = (lines: readonly string[]): number => Math.max(...lines.map(({ length }) => length));

/** Divides words that are longer than a line. */
export function splitLongWords(words: readonly TimedWord[]): TimedWord[] {
  return words.flatMap((word) => (word.text.length <= CUE_LINE_MAX ? [word] : splitWord(word)));
}

function splitWord({ text, startMs, endMs, offset, ends }: TimedWord): TimedWord[] {
  const parts: TimedWord[] = [];
  const timeAt = (index: number): number => Math.round(startMs + ((endMs - startMs) * index) / text.length);
  for (let start = 0; start < text.length;) {
    const end = start + graphemeCut(text.slice(start), CUE_LINE_MAX);
    parts.push({
      text: text.slice(start, end),
      startMs: timeAt(start),
      endMs: timeAt(end),
      offset: offset + start,
      ...(end === text.length && ends && { ends }),
    });
    start = end;
  }
  return parts;
}
