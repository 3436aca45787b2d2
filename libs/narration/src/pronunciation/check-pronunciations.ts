import { type Pronunciation } from './pronunciation';

export interface PronunciationProblem {
  /** Of the entry, from 0. */
  index: number;
  message: string;
}

const WORD_MAX = 100;
const SPOKEN_MAX = 200;
export const PRONUNCIATIONS_MAX = 1_000;

const MARKUP = /[<>[\]]/u;
const CONTROL = /\p{Cc}|\p{Cs}/u;
/** Letters with their marks, stress, length and tone marks, and what joins or divides sounds. */
const IPA = /^[\p{L}\p{M}\p{Sk}'ːˑ.|‖‿ -]+$/u;
/** Capitals are no phonetic letters. Some small capitals are, and they are lower case in Unicode. */
const CAPITAL = /\p{Lu}/u;

/**
 * What is wrong with a list of pronunciations. `takesPhonemes` says whether the model takes `<phoneme>` elements; entries in IPA are refused
 * otherwise, because they would be read out or left out.
 */
export function checkPronunciations(entries: readonly Pronunciation[], takesPhonemes: boolean): PronunciationProblem[] {
  const problems: PronunciationProblem[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const message =
      wordProblem(entry.word) ??
      (seen.has(entry.word) ? `The word "${entry.word}" has a pronunciation already.` : undefined) ??
      ('ipa' in entry ? ipaProblem(entry, takesPhonemes) : spellingProblem(entry));
    seen.add(entry.word);
    if (message !== undefined) problems.push({ index, message });
  }
  if (entries.length > PRONUNCIATIONS_MAX) {
    problems.push({
      index: PRONUNCIATIONS_MAX,
      message: `There are ${entries.length} pronunciations; at most ${PRONUNCIATIONS_MAX} are allowed.`,
    });
  }
  return problems;
}

function wordProblem(word: string): string | undefined {
  if (word.trim() === '') return 'A pronunciation needs a word.';
  if (word !== word.trim()) return `The word "${word.trim()}" has white space around it.`;
  if (word.length > WORD_MAX) return `The word "${word.slice(0, 20)}…" has ${word.length} characters; at most ${WORD_MAX} are allowed.`;
  return MARKUP.test(word) || CONTROL.test(word) ? `The word "${word}" holds markup or control characters.` : undefined;
}

function spellingProblem({ word, spelling }: { word: string; spelling: string }): string | undefined {
  if (spelling.trim() === '') return `The spelling of "${word}" is empty.`;
  if (spelling.length > SPOKEN_MAX)
    return `The spelling of "${word}" has ${spelling.length} characters; at most ${SPOKEN_MAX} are allowed.`;
  return MARKUP.test(spelling) || CONTROL.test(spelling) ? `The spelling of "${word}" holds markup or control characters.` : undefined;
}

function ipaProblem({ word, ipa }: { word: string; ipa: string }, takesPhonemes: boolean): string | undefined {
  if (!takesPhonemes)
    return `The pronunciation of "${word}" is in IPA, which the model does not take. Spell it in another way, such as "engine x".`;
  if (ipa.trim() === '') return `The pronunciation of "${word}" is empty.`;
  if (ipa.length > SPOKEN_MAX) return `The pronunciation of "${word}" has ${ipa.length} characters; at most ${SPOKEN_MAX} are allowed.`;
  return IPA.test(ipa) && !CAPITAL.test(ipa)
    ? undefined
    : `The pronunciation of "${word}" holds characters that are not of the International Phonetic Alphabet.`;
}
