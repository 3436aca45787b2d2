import type { CharacterAlignment } from '../ports/text-to-speech';

/** One word of what was voiced, as the vendor's alignment has it. */
export interface SpokenWord {
  /** Its letters and digits, in lower case. */
  bare: string;
  /** Between it and the word before, the alignment leaves out audio: words may be missing. */
  isAfterHole: boolean;
  /** A sign that ends a sentence stands behind it. */
  endsSentence: boolean;
}

export interface SpokenText {
  words: SpokenWord[];
  /** The last word may be the beginning of a longer one. */
  mayGoOn: boolean;
  /** The alignment tells where every part of the audio belongs, so that what was voiced ends where it ends. */
  isReliable: boolean;
}

/** A character's sound may end a little behind the audio that is there, by rounding. */
const ROUNDING_MS = 20;
/** Characters follow each other without a gap, but for rounding. */
const GAP_MS = 100;
/** A character that begins so much before the one before it belongs to a pass that was begun again. */
const STEP_BACK_MS = 40;
/** What may be silent before the first word and behind a clause. */
const PAUSE_MS = 1_000;
const CLAUSE_END = /[^\p{L}\p{M}\p{N}\s]\s*$/u;
const SENTENCE_END = /[.!?…।॥。！？]["'”’»)\]]*$/u;
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;
/** Stands where audio has no characters. */
const HOLE = '\uE000';

/** Letters and digits of a word, in lower case; empty where there are none. */
export const bareWord = (word: string): string => (word.match(LETTERS) ?? []).join('').toLowerCase();

/**
 * What the alignment says was voiced in the first `audioMs` of a speech. Vendors' alignments differ: they may lack frames, begin again, run ahead
 * of the audio or count from elsewhere. One that does not account for all of the audio, in its order, is not reliable.
 */
export function spokenText(alignments: readonly CharacterAlignment[], audioMs: number): SpokenText {
  let text = '';
  let coveredMs = 0;
  let lastStartMs = 0;
  // Who has told nothing of what there is does not tell.
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
      // Told ahead of its audio.
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
