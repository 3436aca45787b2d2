import {
  BEFORE_INFINITIVE,
  BEING,
  COMMANDS_WITH_OBJECT,
  FILLERS,
  GIVING,
  HINDI_ENDINGS,
  LEADING,
  NUMBER_CONTEXT,
  NUMBER_JOINTS,
  NUMBERS,
  OPERATORS,
  PREPOSITIONS,
  PRONOUNS,
  QUESTION_STARTS,
  RECIPIENTS,
  UNFINISHED_ENDINGS,
} from './turn-words';

/** `unfinished`: more words must follow. `complete`: no more words are needed. `open`: it is not possible to tell. */
export type Completeness = 'complete' | 'open' | 'unfinished';

/** People often pause in short commands ("play some music", "call my mother"), so shorter texts are never considered complete. */
const MIN_QUESTION_WORDS = 3;
const MIN_SENTENCE_WORDS = 5;
/** This many spoken digits in a row make a number that may continue. */
const MIN_DIGIT_RUN = 2;
const FULL_NUMBER_DIGITS = 10;

/** Judges the user’s words by their last sentence. Recognisers end every pause with a full stop, so only other marks count. */
export function judgeWords(transcript: string): Completeness {
  const text = transcript.trim();
  const words = wordsOfLastSentence(text);
  const last = words.at(-1);
  if (last === undefined) return 'open';
  if (/(?:\.{2,}|…|[,;:–—-])$/u.test(text)) return 'unfinished';
  const asked = /[?？]$/u.test(text);
  if (asked && words.length >= 2) return 'complete';
  if (isSpelling(words) || isOpenNumber(words)) return 'unfinished';
  if (endsUnfinished(words, last)) return 'unfinished';
  if (endsOpen(words, last)) return 'open';
  if (HINDI_ENDINGS.has(last) || /[।॥]$/u.test(text)) return words.length >= MIN_QUESTION_WORDS ? 'complete' : 'open';
  if (isQuestion(words)) return words.length >= MIN_QUESTION_WORDS ? 'complete' : 'open';
  return words.length >= MIN_SENTENCE_WORDS && isLatin(last) ? 'complete' : 'open';
}

/** For other scripts, too few words that require a continuation are known to conclude from the length that a sentence is complete. */
const isLatin = (word: string): boolean => /^[\p{Script=Latin}\p{N}']/u.test(word);

/** The words in lower case, without punctuation and without meaningless openings ("okay", "um", "please"). Hyphens separate words. */
function wordsOfLastSentence(text: string): string[] {
  const sentences = text.split(/(?<=[^\s.]{2}[.!?।॥。！？]+)\s+(?=\S)/u);
  const words = (sentences.at(-1) ?? '')
    .toLowerCase()
    .split(/[\s\-–—]+/u)
    .map((word) => word.replace(/[^\p{L}\p{M}\p{N}']+/gu, ''))
    .filter((word) => word !== '');
  const start = words.findIndex((word) => !LEADING.has(word));
  return start > 0 ? words.slice(start) : words;
}

/** A word that is being spelt, such as "p e t": a letter follows a letter. "I" and "a" alone are words. */
function isSpelling(words: readonly string[]): boolean {
  const [before, last] = words.slice(-2);
  return isLetter(before) && isLetter(last);
}

const isLetter = (word: string | undefined): boolean => word !== undefined && /^\p{Script=Latin}$/u.test(word);

/** A number that is being said digit by digit, or whose last word shows that it continues. */
function isOpenNumber(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (NUMBER_JOINTS.has(last) && (isNumber(before) || NUMBER_CONTEXT.has(before) || words.length === 1)) return true;
  const notNumber = words.findLastIndex((word) => !isNumber(word));
  const run = words.slice(notNumber + 1);
  const digits = run.reduce((sum, word) => sum + (/^\d+$/u.test(word) ? word.length : 1), 0);
  if (run.length === 0 || digits >= FULL_NUMBER_DIGITS) return false;
  if (run.length >= MIN_DIGIT_RUN && run.every((word) => DIGITS.has(word) || /^\d$/u.test(word))) return true;
  return digits >= 1 && words.some((word) => NUMBER_CONTEXT.has(word));
}

const DIGITS = new Set(['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']);

const isNumber = (word: string): boolean => NUMBERS.has(word) || /^\d+$/u.test(word);

/** Whether the last word requires another one. */
function endsUnfinished(words: readonly string[], last: string): boolean {
  const before = words.at(-2) ?? '';
  if (FILLERS.has(last)) return words.length > 1 || last !== 'हाँ';
  // In "I think so" and "you too" the last word is not a conjunction.
  if (last === 'so') return !['think', 'hope', 'guess', 'believe', 'say', 'said'].includes(before);
  if (UNFINISHED_ENDINGS.has(last)) return true;
  if (OPERATORS.has(last) && isNumber(before)) return true;
  if (PREPOSITIONS.has(last)) return !isQuestion(words);
  if (BEING.has(last)) return !PRONOUNS.has(before) && !BEING.has(before);
  return GIVING.has(before) && RECIPIENTS.has(last);
}

/** Whether the words may be incomplete: an object is missing, an infinitive has just begun, or a number may continue. */
function endsOpen(words: readonly string[], last: string): boolean {
  const before = words.at(-2) ?? '';
  if (before === 'to' && BEFORE_INFINITIVE.has(words.at(-3) ?? '')) return true;
  if (COMMANDS_WITH_OBJECT.has(last) || PREPOSITIONS.has(last)) return true;
  return isNumber(last) && !OPERATORS.has(before);
}

const isQuestion = (words: readonly string[]): boolean => QUESTION_STARTS.has(words[0] ?? '');
