/** So many words of what was said before, in a row, are no coincidence. */
const REPEATED_WORDS = 3;
const CLOSING = /^[\s.,;:!?…)\]}”’।。，！？]/u;
const SENTENCE_END = /[.!?…।॥。！？]["'”’)\]]*\s*$/u;
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u;

/** What counts in a word. */
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;
const LETTER_AT_END = /[\p{L}\p{M}\p{N}]$/u;
const SIGNS_AT_START = /^[^\p{L}\p{M}\p{N}\s]+/u;

interface Word {
  /** Letters and digits in lower case. */
  bare: string;
  /** Where it begins in the text. */
  start: number;
  /** More of it may follow. */
  isOpen: boolean;
}

type Match =
  /** To the last word that was said; what is new begins behind so many letters of the word at `start`. */
  | { type: 'whole'; start: number; letters: number }
  /** As far as the words go. */
  | { type: 'open' }
  | { type: 'broken'; run: number };

/**
 * Joins what a model writes when it is asked to go on to the text that it goes on from. Models like to begin with the last words once more,
 * or with the first: as much of that as has been said already is left out. One that repeats words and then leaves them, so that part of
 * the reply would be said twice and differently, is refused. A value per continuation; holds text back only while it repeats.
 */
export class Continuation {
  readonly #said: readonly string[];
  #pending: string | undefined = '';

  constructor(private readonly before: string) {
    this.#said = wordsOf(before, true).map(({ bare }) => bare);
    if (this.#said.length === 0) this.#pending = undefined;
  }

  /** What of the text is new, '' while that is not known; undefined when the continuation is of no use. */
  push(text: string): string | undefined {
    if (this.#pending === undefined) return text;
    this.#pending += text;
    return this.#decide(false);
  }

  /** The text is complete: what was held back. */
  end(): string | undefined {
    return this.#pending === undefined ? '' : this.#decide(true);
  }

  #decide(isComplete: boolean): string | undefined {
    const text = this.#pending ?? '';
    const words = wordsOf(text, isComplete);
    if (words.length === 0) return isComplete ? this.#settle(LETTER_AT_END.test(this.before) ? text.trim() : '') : '';
    let longestRun = 0;
    for (let from = 0; from < this.#said.length; from += 1) {
      const match = this.#match(from, words);
      // One that ends within what was said has nothing to add to it.
      if (match.type === 'open') return isComplete ? undefined : '';
      if (match.type === 'broken') longestRun = Math.max(longestRun, match.run);
      else if (this.#isMeant(from)) return this.#settle(this.#rest(text.slice(endOfLetters(text, match.start, match.letters))));
    }
    return longestRun >= REPEATED_WORDS ? undefined : this.#settle(this.#join(text));
  }

  #settle(text: string): string {
    this.#pending = undefined;
    return text;
  }

  /** How far `words` are the words said from `from` on. */
  #match(from: number, words: readonly Word[]): Match {
    for (const [index, word] of words.entries()) {
      const said = this.#said[from + index] ?? '';
      const isLast = from + index === this.#said.length - 1;
      const isSame = word.bare === said && !word.isOpen;
      // The last word said may have been cut off in its middle.
      const isLonger = word.bare.length > said.length && word.bare.startsWith(said) && LETTER_AT_END.test(this.before);
      if (isLast && (isSame || isLonger)) return { type: 'whole', start: word.start, letters: said.length };
      if (word.isOpen && said.startsWith(word.bare)) return { type: 'open' };
      if (!isSame) return { type: 'broken', run: index };
    }
    return { type: 'open' };
  }

  /** After a whole sentence a word or two may well be the first of the next one. */
  #isMeant(from: number): boolean {
    return this.#said.length - from >= REPEATED_WORDS || from === 0 || !SENTENCE_END.test(this.before);
  }

  /** What follows the words that were said before, without the signs and spaces that stood behind them as well. */
  #rest(text: string): string {
    if (LETTER_AT_END.test(this.before)) return text;
    const unsigned = text.replace(SIGNS_AT_START, '');
    return /\s$/u.test(this.before) ? unsigned.trimStart() : unsigned;
  }

  #join(text: string): string {
    if (/\s$/u.test(this.before)) return text.trimStart();
    return CLOSING.test(text) || UNSPACED.test(this.before) ? text : ` ${text}`;
  }
}

function wordsOf(text: string, isComplete: boolean): Word[] {
  return [...text.matchAll(/\S+/gu)].flatMap(({ 0: word, index }) => {
    const bare = (word.match(LETTERS) ?? []).join('').toLowerCase();
    return bare === '' ? [] : [{ bare, start: index, isOpen: !isComplete && index + word.length === text.length }];
  });
}

/** The position behind so many letters and digits of `text` from `start` on. */
function endOfLetters(text: string, start: number, letters: number): number {
  let position = start;
  for (let seen = 0; seen < letters && position < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
    if (LETTER_AT_END.test(character)) seen += character.toLowerCase().length;
    position += character.length;
  }
  return position;
}
