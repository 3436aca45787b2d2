/** This many repeated words in a row are no coincidence. */
const REPEATED_WORDS = 3;
const CLOSING = /^[\s.,;:!?…)\]}”’।。，！？]/u;
const SENTENCE_END = /[.!?…।॥。！？]["'”’)\]]*\s*$/u;
/** Matches the end of a text in a script that has no spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u;

/** The characters that are compared in words. */
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;
const LETTER_AT_END = /[\p{L}\p{M}\p{N}]$/u;
const SIGNS_AT_START = /^[^\p{L}\p{M}\p{N}\s]+/u;

interface Word {
  /** The letters and digits of the word in lower case. */
  bare: string;
  /** The position in the text at which the word begins. */
  start: number;
  /** True if more of the word may follow. */
  isOpen: boolean;
}

type Match =
  /** The text repeats everything up to the last word that was said. New text begins after `letters` letters of the word at `start`. */
  | { type: 'whole'; start: number; letters: number }
  /** The text matches as far as it goes, but does not reach the last word that was said. */
  | { type: 'open' }
  | { type: 'broken'; run: number };

/**
 * Joins the continuation that a model writes to the text that it continues. Models often repeat the last words, or begin again from the
 * start. Repeated text is left out. A continuation that repeats some words and then departs from them is refused, because part of the reply
 * would be spoken twice in different words. Each continuation needs its own instance. Text is held back only while it repeats what was
 * said.
 */
export class Continuation {
  readonly #said: readonly string[];
  #pending: string | undefined = '';

  constructor(private readonly before: string) {
    this.#said = wordsOf(before, true).map(({ bare }) => bare);
    if (this.#said.length === 0) this.#pending = undefined;
  }

  /** Returns the new part of the text, '' while that is not known, or undefined if the continuation cannot be used. */
  push(text: string): string | undefined {
    if (this.#pending === undefined) return text;
    this.#pending += text;
    return this.#decide(false);
  }

  /** Ends the text and returns the part that was held back, or undefined if the continuation cannot be used. */
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
      // A continuation that ends before it gets beyond the text that was said adds nothing.
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

  /** Compares `words` with the words that were said, from the word with index `from` on. */
  #match(from: number, words: readonly Word[]): Match {
    for (const [index, word] of words.entries()) {
      const said = this.#said[from + index] ?? '';
      const isLast = from + index === this.#said.length - 1;
      const isSame = word.bare === said && !word.isOpen;
      // The last word that was said may have been cut off in the middle.
      const isLonger = word.bare.length > said.length && word.bare.startsWith(said) && LETTER_AT_END.test(this.before);
      if (isLast && (isSame || isLonger)) return { type: 'whole', start: word.start, letters: said.length };
      if (word.isOpen && said.startsWith(word.bare)) return { type: 'open' };
      if (!isSame) return { type: 'broken', run: index };
    }
    return { type: 'open' };
  }

  /**
   * Whether words that match are really a repetition. After a whole sentence, one or two equal words may just as well begin the next
   * sentence.
   */
  #isMeant(from: number): boolean {
    return this.#said.length - from >= REPEATED_WORDS || from === 0 || !SENTENCE_END.test(this.before);
  }

  /** Returns the text after the repeated words, without repeated punctuation and spaces. */
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

/** Returns the position in `text` after this many letters and digits, counted from `start`. */
function endOfLetters(text: string, start: number, letters: number): number {
  let position = start;
  for (let seen = 0; seen < letters && position < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
    if (LETTER_AT_END.test(character)) seen += character.toLowerCase().length;
    position += character.length;
  }
  return position;
}
