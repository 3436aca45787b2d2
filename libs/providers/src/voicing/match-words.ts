import { bareWord, type SpokenText, type SpokenWord } from './aligned-text';

/** One word of the text that the voice was given. */
export interface GivenWord {
  /** Index of the sentence of the word, and the position in the sentence at which the word begins. */
  sentence: number;
  start: number;
  /** The letters and digits of the word in lower case. */
  bare: string;
  isLastOfSentence: boolean;
}

/** How many of the given words were voiced. */
export interface MatchedWords {
  /** Index of the last given word that was found, or -1 if none was. */
  last: number;
  /** The spoken words after it, which differ from the given words. */
  behind: readonly SpokenWord[];
}

/** One way to match both texts, and how well it explains them. */
interface Path {
  score: number;
  last: number;
  /** Number of spoken words up to the last one that was found. */
  spokenUntil: number;
}

const FOUND = 1;
/** Score if the last spoken word is the beginning of a given word. */
const BEGUN = 0.5;
/** Score of a spoken word that was not given, e.g. part of a number that is written out. */
const ADDED = -0.3;
/** Score of a given word that was not spoken. */
const LEFT_OUT = -0.75;
/** Score of a given word that was not spoken if the alignment leaves out audio there. */
const IN_HOLE = -0.02;
const NOWHERE: Path = { score: -Infinity, last: -1, spokenUntil: 0 };

/** Returns the words of the sentences, except those without letters and digits. */
export function givenWords(sentences: readonly string[]): GivenWord[] {
  return sentences.flatMap((text, sentence) => {
    const words = [...text.matchAll(/\S+/gu)].flatMap((match) => {
      const bare = bareWord(match[0]);
      return bare === '' ? [] : [{ sentence, start: match.index, bare }];
    });
    return words.map((word, index) => ({ ...word, isLastOfSentence: index === words.length - 1 }));
  });
}

/**
 * Finds where in the given words the spoken words end. It looks for the most likely way in which the given words were turned into the
 * spoken ones, taking all spoken words into account. If two ways are equally likely, the one in which more was spoken is chosen.
 */
export function matchWords(given: readonly GivenWord[], { words, mayGoOn }: SpokenText): MatchedWords {
  const spoken = apart(words, given);
  let row = leftOut([{ score: 0, last: -1, spokenUntil: 0 }], given.length, spoken[0]);
  for (const [index, word] of spoken.entries()) {
    const isLast = index === spoken.length - 1;
    const next: Path[] = [];
    for (let count = 0; count <= given.length; count += 1) {
      const added = plus(row[count], ADDED);
      const givenWord = given[count - 1];
      const before = row[count - 1];
      let best = added;
      if (givenWord && before) {
        if (givenWord.bare === word.bare) best = better(best, { score: before.score + FOUND, last: count - 1, spokenUntil: index + 1 });
        else if (isLast && mayGoOn && givenWord.bare.startsWith(word.bare)) best = better(best, plus(before, BEGUN));
      }
      next.push(best);
    }
    row = leftOut(next, given.length, spoken[index + 1]);
  }
  const { last, spokenUntil } = row.reduce(better, NOWHERE);
  return { last, behind: spoken.slice(spokenUntil) };
}

/** Returns the paths that leave out given words before the next spoken one. */
function leftOut(row: readonly Path[], given: number, nextSpoken: SpokenWord | undefined): Path[] {
  const cost = nextSpoken?.isAfterHole ? IN_HOLE : LEFT_OUT;
  const all: Path[] = [];
  for (let count = 0; count <= given; count += 1) all.push(better(plus(all[count - 1], cost), row[count] ?? NOWHERE));
  return all;
}

const plus = (path: Path | undefined, score: number): Path => (path ? { ...path, score: path.score + score } : NOWHERE);
const better = (one: Path, other: Path): Path =>
  other.score > one.score || (other.score === one.score && other.last > one.last) ? other : one;

/**
 * Splits joined words. Some vendors put nothing between two sentences, so a word that begins with the last word of a sentence, and is not a
 * given word itself, is two words.
 */
function apart(words: readonly SpokenWord[], given: readonly GivenWord[]): SpokenWord[] {
  const known = new Set(given.map(({ bare }) => bare));
  const ends = given.filter(({ isLastOfSentence }) => isLastOfSentence).map(({ bare }) => bare);
  const split = (word: SpokenWord): SpokenWord[] => {
    const end = known.has(word.bare) ? undefined : ends.find((last) => word.bare.length > last.length && word.bare.startsWith(last));
    if (end === undefined) return [word];
    const rest = { ...word, bare: word.bare.slice(end.length), isAfterHole: false };
    return [{ bare: end, isAfterHole: word.isAfterHole, endsSentence: true }, ...split(rest)];
  };
  return words.flatMap(split);
}
