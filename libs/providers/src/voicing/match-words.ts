import { bareWord, type SpokenText, type SpokenWord } from './aligned-text';

/** One word of the text that a voice was given. */
export interface GivenWord {
  /** Index of its sentence, and where in that the word begins. */
  sentence: number;
  start: number;
  /** Its letters and digits, in lower case. */
  bare: string;
  isLastOfSentence: boolean;
}

/** How far the given words were voiced. */
export interface MatchedWords {
  /** Index of the last given word that was found; -1 for none. */
  last: number;
  /** The spoken words behind it, which were said in other words than they were given. */
  behind: readonly SpokenWord[];
}

/** How well a path through both texts explains them. */
interface Path {
  score: number;
  last: number;
  /** Spoken words up to the last one that was found. */
  spokenUntil: number;
}

const FOUND = 1;
/** The last spoken word is the beginning of a given one. */
const BEGUN = 0.5;
/** A spoken word that was not given: numbers are written out. */
const ADDED = -0.3;
/** A given word that was not spoken. */
const LEFT_OUT = -0.75;
/** The same where the alignment has a hole. */
const IN_HOLE = -0.02;
const NOWHERE: Path = { score: -Infinity, last: -1, spokenUntil: 0 };

/** The words of sentences, but for those without letters and digits. */
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
 * Finds where in the given words the spoken ones end: the likeliest way in which the second may have become of the first, all of the spoken
 * words taken into account. Of two ways that are equally likely it is the one that has said more.
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

/** The paths that leave out given words before the next spoken one. */
function leftOut(row: readonly Path[], given: number, nextSpoken: SpokenWord | undefined): Path[] {
  const cost = nextSpoken?.isAfterHole ? IN_HOLE : LEFT_OUT;
  const all: Path[] = [];
  for (let count = 0; count <= given; count += 1) all.push(better(plus(all[count - 1], cost), row[count] ?? NOWHERE));
  return all;
}

const plus = (path: Path | undefined, score: number): Path => (path ? { ...path, score: path.score + score } : NOWHERE);
const better = (one: Path, other: Path): Path =>
  other.score > one.score || (other.score === one.score && other.last > one.last) ? other : one;

/** Some vendors put nothing between two sentences: what begins with the last word of one, and is no word itself, is two. */
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
