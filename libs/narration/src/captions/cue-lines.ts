import { graphemeCut } from '../text';
import { CUE_LINE_MAX, CUE_LINES_MAX, type WordTime } from './cue';
import { type TimedWord } from './words';

/** The text of neighbouring words: without a space in scripts that have none. */
export const joinWords = (words: readonly TimedWord[]): string => words.map((word, index) => gapBefore(words, index) + word.text).join('');

const gapBefore = (words: readonly TimedWord[], index: number): string => {
  const before = words[index - 1];
  const word = words[index];
  return before && word && before.offset + before.text.length < word.offset ? ' ' : '';
};

/** Where the words begin in their joined text, and when. */
export function wordTimes(words: readonly TimedWord[]): WordTime[] {
  let length = 0;
  return words.map((word, index) => {
    const at = length + gapBefore(words, index).length;
    length = at + word.text.length;
    return { at, startMs: word.startMs };
  });
}

/** Breaks words into lines, two of about the same length if one is not enough. Undefined if they do not fit. */
export function cueLines(words: readonly TimedWord[]): (readonly TimedWord[])[] | undefined {
  const whole = joinWords(words);
  if (whole.length <= CUE_LINE_MAX) return [words];
  if (whole.length > CUE_LINE_MAX * CUE_LINES_MAX + 1) return undefined;
  let best: (readonly TimedWord[])[] | undefined;
  let bestLength = CUE_LINE_MAX + 1;
  for (let index = 1; index < words.length; index += 1) {
    const lines = [words.slice(0, index), words.slice(index)];
    const longest = Math.max(...lines.map((line) => joinWords(line).length));
    if (longest >= bestLength) continue;
    best = lines;
    bestLength = longest;
  }
  return best;
}

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
