const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** What a number, a date or a price consists of. */
const NUMBER_PART = /[\p{Nd}.,:/$€£₹%+-]/u;
const LETTER = /[\p{L}\p{M}]/u;

/** The last place up to `max` (a UTF-16 index from 1) where no visible character is divided; at least no code point, if one is longer. */
export function graphemeCut(text: string, max: number): number {
  let cut = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > max) break;
    cut = index + segment.length;
  }
  if (cut > 0) return cut;
  return max > 1 && (text.codePointAt(max - 1) ?? 0) > 0xffff ? max - 1 : max;
}

/**
 * A place to cut text that has no good break: at white space, else at the first word end from `min` on in a script that is written without
 * spaces, else at a visible character, if possible outside of a number. Never behind `max`.
 */
export function forcedCut(text: string, min: number, max: number): number {
  const spaces = [...text.slice(0, max).matchAll(/\s/gu)].map(({ index }) => index + 1).filter((index) => index > min);
  const space = spaces.findLast((index) => !/\p{Nd}/u.test(text.charAt(index))) ?? spaces.at(-1);
  return space ?? wordCut(text, min, max) ?? graphemeOutsideNumber(text, min, max);
}

function wordCut(text: string, min: number, max: number): number | undefined {
  for (const { index } of words.segment(text.slice(0, max))) {
    if (index >= min && LETTER.test(text.charAt(index - 1)) && LETTER.test(text.charAt(index))) return index;
  }
  return undefined;
}

function graphemeOutsideNumber(text: string, min: number, max: number): number {
  const last = graphemeCut(text, max);
  let cut = last;
  while (cut > min && NUMBER_PART.test(text.charAt(cut - 1)) && NUMBER_PART.test(text.charAt(cut))) cut -= 1;
  return cut > min ? cut : last;
}
