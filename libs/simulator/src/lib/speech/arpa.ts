const SENTENCE_START = '<s>';
const SENTENCE_END = '</s>';
/** Share of a distinct continuation in the back-off mass: below 1 because templates are closed, not a sample of free speech. */
const DISCOUNT = 0.5;
/** Least back-off mass of a history of one word and of two, so that no continuation is ever impossible. */
const LEAST_BACKOFF = { oneWord: 0.05, twoWords: 0.02 };
const LEAST_PROBABILITY = 1e-10;

interface History {
  tokens: number;
  distinctNext: number;
}

interface NgramCounts {
  counts: Map<string, number>;
  /** By the words before the last one. */
  histories: Map<string, History>;
}

/**
 * A trigram language model of the sentences (words separated by one space), as ARPA text: interpolated Witten-Bell,
 * so every back-off weight is the interpolation weight itself. Throws without sentences.
 */
export function buildArpa(sentences: readonly string[]): string {
  if (sentences.length === 0) throw new Error('language model: no sentences');
  const unigrams = new Map<string, number>();
  const bigrams: NgramCounts = { counts: new Map(), histories: new Map() };
  const trigrams: NgramCounts = { counts: new Map(), histories: new Map() };
  let tokens = 0;
  for (const sentence of sentences) {
    const words = [SENTENCE_START, ...sentence.split(' '), SENTENCE_END];
    for (let i = 1; i < words.length; i++) {
      unigrams.set(words[i], (unigrams.get(words[i]) ?? 0) + 1);
      tokens++;
      count(bigrams, words[i - 1], words[i]);
      if (i > 1) count(trigrams, `${words[i - 2]} ${words[i - 1]}`, words[i]);
    }
  }

  const afterOneWord = (history: string): number => backoff(bigrams.histories.get(history), LEAST_BACKOFF.oneWord);
  const afterTwoWords = (history: string): number => backoff(trigrams.histories.get(history), LEAST_BACKOFF.twoWords);
  const unigram = (word: string): number => (unigrams.get(word) ?? 0) / tokens;
  const bigram = (history: string, word: string): number => {
    const lower = afterOneWord(history);
    return (1 - lower) * relativeFrequency(bigrams, history, word) + lower * unigram(word);
  };
  const trigram = (history: string, word: string): number => {
    const lower = afterTwoWords(history);
    return (1 - lower) * relativeFrequency(trigrams, history, word) + lower * bigram(lastWord(history), word);
  };

  const entry = (probability: number, words: string, backoffWeight: number): string =>
    words.endsWith(SENTENCE_END) ? `${log10(probability)} ${words}` : `${log10(probability)} ${words} ${log10(backoffWeight)}`;
  return [
    '\\data\\',
    `ngram 1=${unigrams.size + 1}`,
    `ngram 2=${bigrams.counts.size}`,
    `ngram 3=${trigrams.counts.size}`,
    '',
    '\\1-grams:',
    `-99 ${SENTENCE_START} ${log10(afterOneWord(SENTENCE_START))}`,
    ...[...unigrams.keys()].sort().map((word) => entry(unigram(word), word, afterOneWord(word))),
    '',
    '\\2-grams:',
    ...[...bigrams.counts.keys()].sort().map((words) => entry(bigram(historyOf(words), lastWord(words)), words, afterTwoWords(words))),
    '',
    '\\3-grams:',
    ...[...trigrams.counts.keys()].sort().map((words) => `${log10(trigram(historyOf(words), lastWord(words)))} ${words}`),
    '',
    '\\end\\',
    '',
  ].join('\n');
}

function count(ngrams: NgramCounts, history: string, word: string): void {
  const words = `${history} ${word}`;
  const seen = ngrams.counts.get(words) ?? 0;
  ngrams.counts.set(words, seen + 1);
  const { tokens, distinctNext } = ngrams.histories.get(history) ?? { tokens: 0, distinctNext: 0 };
  ngrams.histories.set(history, { tokens: tokens + 1, distinctNext: seen === 0 ? distinctNext + 1 : distinctNext });
}

function relativeFrequency(ngrams: NgramCounts, history: string, word: string): number {
  const tokens = ngrams.histories.get(history)?.tokens;
  return tokens === undefined ? 0 : (ngrams.counts.get(`${history} ${word}`) ?? 0) / tokens;
}

/** The share of a history's probability that goes to the shorter history; all of it when nothing followed. */
function backoff(history: History | undefined, least: number): number {
  if (history === undefined) return 1;
  const mass = history.distinctNext * DISCOUNT;
  return Math.max(least, mass / (history.tokens + mass));
}

function historyOf(words: string): string {
  return words.slice(0, words.lastIndexOf(' '));
}

function lastWord(words: string): string {
  return words.slice(words.lastIndexOf(' ') + 1);
}

function log10(value: number): string {
  return Math.log10(Math.max(value, LEAST_PROBABILITY)).toFixed(4);
}
