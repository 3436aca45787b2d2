/** Scripts that put no spaces between words. Text in them may be divided between any two characters. */
const UNSPACED = new RegExp(
  `[${['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar'].map((script) => `\\p{Script=${script}}`).join('')}]`,
  'u',
);
/** Punctuation of those scripts, which is not followed by a space. */
const UNSPACED_PUNCTUATION = /[、。，．！？；：…」』）】]/u;
const SPACE = /\s/u;
const MARK = /\p{M}/u;
const BARE = /[\p{L}\p{M}\p{N}]/u;
/** The longest run of characters that is held until it ends. Longer ones are not words of any language. */
const LONGEST_WORD = 200;

/** Whether a character is a letter, a mark or a digit, which a voice speaks. */
export const isSpoken = (character: string): boolean => BARE.test(character);

/** Whether a text ends so that more text may follow without a space and without joining the last word. */
export function endsOpenly(text: string): boolean {
  const last = characterBefore(text, text.length);
  return last === undefined || SPACE.test(last) || UNSPACED.test(last) || UNSPACED_PUNCTUATION.test(last);
}

/** Whether a word begins at this position of the text. Spaces belong to the word before them. */
export function breaksAt(text: string, position: number): boolean {
  const before = characterBefore(text, position);
  const after = characterAt(text, position);
  if (before === undefined || after === undefined) return true;
  if (SPACE.test(after) || MARK.test(after)) return false;
  return SPACE.test(before) || UNSPACED_PUNCTUATION.test(before) || (UNSPACED.test(before) && UNSPACED.test(after));
}

/** Returns the first position behind `position` at which a word begins, or the end of the text. */
export function nextBreak(text: string, position: number): number {
  let next = position + 1;
  while (next < text.length && !breaksAt(text, next)) next += 1;
  return Math.min(next, text.length);
}

/** Returns the last position up to which the words of a text that still grows are complete, but not less than `from`. */
export function lastBreak(text: string, from: number): number {
  if (endsOpenly(text)) return Math.max(from, text.length);
  for (let position = text.length - 1; position > from; position -= 1) if (breaksAt(text, position)) return position;
  return text.length - from > LONGEST_WORD ? text.length : from;
}

/** Returns the last position in `[from, to]` behind the end of a sentence, or undefined if no sentence ends there. */
export function lastSentenceEnd(text: string, from: number, to: number): number | undefined {
  let end: number | undefined;
  for (const match of text.slice(from, to).matchAll(/[.!?…।॥]["'”’»)\]]*\s+|[。！？]["'”’»)\]」』]*\s*|\n+/gu))
    end = from + match.index + match[0].length;
  return end;
}

/** Returns the first position from `from` on at which a sentence begins, or undefined if none of the text so far begins there. */
export function nextSentence(text: string, from: number): number | undefined {
  const match = /[.!?…।॥]["'”’»)\]]*\s+|[。！？]["'”’»)\]」』]*\s*|\n+/u.exec(text.slice(from));
  const start = match === null ? text.length : from + match.index + match[0].length;
  return start < text.length ? start : undefined;
}

function characterAt(text: string, position: number): string | undefined {
  const code = text.codePointAt(position);
  if (code === undefined) return undefined;
  // Within a surrogate pair there is no character to divide at; a mark is never divided from what it belongs to either.
  return code >= 0xdc00 && code <= 0xdfff ? '\u0301' : String.fromCodePoint(code);
}

function characterBefore(text: string, position: number): string | undefined {
  if (position <= 0) return undefined;
  const code = text.charCodeAt(position - 1);
  const isPair = code >= 0xdc00 && code <= 0xdfff && position >= 2;
  return isPair ? text.slice(position - 2, position) : text.charAt(position - 1);
}
