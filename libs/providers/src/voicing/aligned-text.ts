import type { CharacterAlignment } from '../ports/text-to-speech';

/** One word of the voiced text, according to the vendor's alignment. */
export interface SpokenWord {
  /** The letters and digits of the word in lower case. */
  bare: string;
  /** True if the alignment leaves out audio between this word and the one before, so that words may be missing. */
  isAfterHole: boolean;
  /** True if a punctuation mark that ends a sentence follows the word. */
  endsSentence: boolean;
}

export interface SpokenText {
  words: SpokenWord[];
  /** True if the last word may be the beginning of a longer one. */
  mayGoOn: boolean;
  /** True if the alignment accounts for every part of the audio, so that the voiced text ends where the alignment ends. */
  isReliable: boolean;
}

/** Because of rounding, a character may end slightly after the audio that has arrived. */
const ROUNDING_MS = 20;
/** Apart from rounding, characters follow each other without a larger gap than this. */
const GAP_MS = 100;
/** A character that begins this much earlier than the one before it shows that the alignment has started again. */
const STEP_BACK_MS = 40;
/** The longest pause before the first word and after a clause. */
const PAUSE_MS = 1_000;
const CLAUSE_END = /[^\p{L}\p{M}\p{N}\s]\s*$/u;
const SENTENCE_END = /[.!?…।॥。！？]["'”’»)\]]*$/u;
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;
/** A character that stands for audio without any aligned characters. */
const HOLE = '\uE000';

/** Returns the letters and digits of a word in lower case; empty if there are none. */
export const bareWord = (word: string): string => (word.match(LETTERS) ?? []).join('').toLowerCase();

/**
 * Returns the text that was voiced in the first `audioMs` milliseconds of a speech, according to the alignment. The alignments of vendors
 * differ: frames may be missing, start again, run ahead of the audio or use another origin of time. An alignment that does not account for
 * all of the audio in its order is not reliable.
 */
export function spokenText(alignments: readonly CharacterAlignment[], audioMs: number): SpokenText {
  let text = '';
  let coveredMs = 0;
  let lastStartMs = 0;
  // If there is audio but no alignment, nothing is known.
  let isReliable = alignments.length > 0 || audioMs === 0;
  const hole = (lengthMs: number): void => {
    const mayBePause = lengthMs <= PAUSE_MS && (text.trim() === '' || CLAUSE_END.test(text));
    if (!mayBePause) isReliable = false;
    text += HOLE;
  };
  for (const { chars, startMs, durationMs } of alignments) {
    for (const [index, char] of chars.entries()) {
      const fromMs = startMs[index] ?? NaN;
      const toMs = fromMs + (durationMs[index] ?? NaN);
      if (!(toMs >= fromMs)) isReliable = false;
      // The audio of this character has not arrived yet.
      if (!(fromMs <= audioMs + ROUNDING_MS)) continue;
      if (toMs > fromMs && fromMs < lastStartMs - STEP_BACK_MS) isReliable = false;
      lastStartMs = Math.max(lastStartMs, fromMs);
      if (fromMs - coveredMs > GAP_MS) hole(fromMs - coveredMs);
      coveredMs = Math.max(coveredMs, Math.min(toMs, audioMs));
      if (toMs <= audioMs + ROUNDING_MS) text += char;
    }
  }
  if (audioMs - coveredMs > GAP_MS) hole(audioMs - coveredMs);
  return { words: wordsOf(text), mayGoOn: /[\p{L}\p{M}\p{N}]$/u.test(text), isReliable };
}

function wordsOf(text: string): SpokenWord[] {
  let isAfterHole = false;
  return text.split(new RegExp(`(\\s+|${HOLE})`, 'u')).flatMap((piece) => {
    isAfterHole ||= piece === HOLE;
    const bare = bareWord(piece);
    if (bare === '' || piece === HOLE) return [];
    const word = { bare, isAfterHole, endsSentence: SENTENCE_END.test(piece) };
    isAfterHole = false;
    return [word];
  });
}
