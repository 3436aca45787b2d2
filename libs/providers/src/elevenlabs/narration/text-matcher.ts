import { breaksAt, isSpoken } from './word-breaks';

/** A character of a vendor's alignment, in milliseconds from the start of the connection's audio. */
export interface HeardCharacter {
  /** In lower case, or empty if it is no letter, mark or digit. */
  bare: string;
  startMs: number;
  endMs: number;
  /** False if the times are only an estimate. */
  isSure: boolean;
}

/** When a character of the given text is spoken. */
export interface Anchor {
  /** Position of the character in the given text. */
  position: number;
  startMs: number;
  endMs: number;
  isSure: boolean;
}

/** How many given words ahead a heard word is looked for. */
const WORDS_AHEAD = 8;
/** A word that is found ahead counts only if the next heard word is one of this many that follow it. */
const WORDS_TO_CONFIRM = 3;
/** Characters that must agree to find a place ahead. Fewer could agree by chance. */
const LEAST_AHEAD = 4;
const MOST_AHEAD = 400;
const MOST_PENDING = 400;

export const bareOf = (character: string): string => (isSpoken(character) ? character.toLowerCase() : '');

/**
 * Finds the characters of a vendor's alignment in the text that the vendor was given. Vendors repeat characters, leave some out, and align
 * their own version of the text; only letters and digits are compared. What is found goes forward through the text and never back.
 */
export class TextMatcher {
  /** Letters and digits of the given text, their positions, and whether each is the first of its word. */
  readonly #given: string[] = [];
  readonly #positions: number[] = [];
  readonly #startsWord: boolean[] = [];
  /** Index of the first given character that has not been found. */
  #next = 0;
  /** Heard characters of a word that may go on, or that cannot be placed yet. */
  #pending: HeardCharacter[] = [];
  #leavesOut = false;

  /** True if the vendor has left out given text although it aligned its audio, so that a word may last longer than its alignment says. */
  get leavesOut(): boolean {
    return this.#leavesOut;
  }

  /** True if there are characters that could not be placed yet. */
  get isWaiting(): boolean {
    return this.#pending.some(({ bare }) => bare !== '');
  }

  /** True if all given text was found. */
  get isAtEnd(): boolean {
    return this.#next === this.#given.length;
  }

  /** Whether the letter or digit at this position of the text is the first of its word. */
  startsWord(position: number): boolean {
    const index = this.#indexFrom(position);
    return this.#positions[index] === position && this.#startsWord[index] === true;
  }

  /** Whether there are letters or digits between two positions of the text. */
  hasGivenWithin(from: number, to: number): boolean {
    return (this.#positions[this.#indexFrom(from)] ?? Infinity) < to;
  }

  /** Adds the text from `from` to `to` as given. */
  give(text: string, from: number, to: number): void {
    let isStart = false;
    for (let position = from; position < to;) {
      const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
      isStart ||= position === from ? position === 0 || breaksAt(text, position) : breaksAt(text, position);
      const bare = bareOf(character);
      if (bare !== '') {
        this.#given.push(bare);
        this.#positions.push(position);
        this.#startsWord.push(isStart);
        isStart = false;
      }
      position += character.length;
    }
  }

  /** Returns how many of the letters and digits at the beginning of an alignment repeat what was heard before. */
  repeated(bare: readonly string[]): number {
    if (this.#agrees([...this.#pendingBare(), ...bare], this.#next) || this.#next === 0) return 0;
    if (bare.length >= this.#next && this.#agrees(bare, 0)) return this.#next;
    for (let count = Math.min(bare.length, this.#next); count > 0; count -= 1) {
      if (this.#agrees(bare.slice(0, count), this.#next - count) && this.#agrees(bare.slice(count), this.#next)) return count;
    }
    return 0;
  }

  /** Places heard characters in the given text. `isBehindHole` is true if audio without alignment came before them. */
  place(heard: readonly HeardCharacter[], isBehindHole: boolean): Anchor[] {
    const all = [...this.#pending, ...heard];
    const bare = all.filter((character) => character.bare !== '');
    const start = this.#findRun(bare.map((character) => character.bare));
    if (start === undefined) return this.#placeWords(all, isBehindHole);
    if (start > this.#next && !isBehindHole) this.#leavesOut = true;
    this.#pending = [];
    this.#next = start;
    return this.#anchor(bare);
  }

  /** Returns the index of the first letter or digit at or behind a position. */
  #indexFrom(position: number): number {
    let [low, high] = [0, this.#positions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#positions[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #pendingBare(): string[] {
    return this.#pending.flatMap(({ bare }) => (bare === '' ? [] : [bare]));
  }

  #agrees(bare: readonly string[], at: number): boolean {
    return at >= 0 && at + bare.length <= this.#given.length && bare.every((character, index) => character === this.#given[at + index]);
  }

  #findRun(bare: readonly string[]): number | undefined {
    if (this.#agrees(bare, this.#next)) return this.#next;
    if (bare.length < LEAST_AHEAD) return undefined;
    const last = Math.min(this.#next + MOST_AHEAD, this.#given.length - bare.length);
    for (let at = this.#next + 1; at <= last; at += 1) if (this.#agrees(bare, at)) return at;
    return undefined;
  }

  #anchor(heard: readonly HeardCharacter[]): Anchor[] {
    return heard.map(({ startMs, endMs, isSure }) => {
      const position = this.#positions[this.#next] ?? 0;
      this.#next += 1;
      return { position, startMs, endMs, isSure };
    });
  }

  /** Places complete words one by one. Words that were not given, such as those of a number that is read out, are skipped. */
  #placeWords(all: readonly HeardCharacter[], isBehindHole: boolean): Anchor[] {
    const words = wordsOf(all);
    const anchors: Anchor[] = [];
    let placed = 0;
    for (const [index, word] of words.entries()) {
      if (!word.isComplete) break;
      const at = this.#findWord(word.characters, words[index + 1]);
      if (at === 'unclear') break;
      placed = word.end;
      if (at === undefined) continue;
      if (at > this.#next && !isBehindHole) this.#leavesOut = true;
      this.#next = at;
      anchors.push(...this.#anchor(word.characters));
    }
    this.#pending = all.slice(placed).slice(-MOST_PENDING);
    return anchors;
  }

  #findWord(word: readonly HeardCharacter[], following: HeardWord | undefined): number | 'unclear' | undefined {
    const starts = this.#wordStarts(this.#next, WORDS_AHEAD);
    for (const at of starts) {
      if (!this.#isWord(word, at)) continue;
      if (at === this.#next) return at;
      if (!following?.isComplete) return 'unclear';
      const behind = this.#wordStarts(at + 1, WORDS_TO_CONFIRM);
      if (behind.some((next) => this.#isWord(following.characters, next))) return at;
    }
    return undefined;
  }

  #wordStarts(from: number, most: number): number[] {
    const starts: number[] = [];
    for (let at = from; at < this.#given.length && starts.length < most; at += 1) if (this.#startsWord[at]) starts.push(at);
    return starts;
  }

  #isWord(heard: readonly HeardCharacter[], at: number): boolean {
    const [end = this.#given.length] = this.#wordStarts(at + 1, 1);
    return end - at === heard.length && heard.every(({ bare }, index) => bare === this.#given[at + index]);
  }
}

interface HeardWord {
  characters: HeardCharacter[];
  /** Index behind the word and what separates it from the next one. */
  end: number;
  isComplete: boolean;
}

function wordsOf(all: readonly HeardCharacter[]): HeardWord[] {
  const words: HeardWord[] = [];
  let isWithin = false;
  for (const [index, character] of all.entries()) {
    const last = words.at(-1);
    if (character.bare === '') {
      isWithin = false;
      if (last) [last.isComplete, last.end] = [true, index + 1];
    } else if (isWithin && last) {
      last.characters.push(character);
      last.end = index + 1;
    } else {
      words.push({ characters: [character], end: index + 1, isComplete: false });
      isWithin = true;
    }
  }
  return words;
}
