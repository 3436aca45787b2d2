import { judgeWords } from '../text/judge-words';

/** The silences that a hint chooses between, in ms. Its answer may lie anywhere between the shortest and the longest. */
export interface SilenceBounds {
  /** For words that are complete. */
  completeMs: number;
  /** When the words do not tell whether they are complete. */
  usualMs: number;
  /** For words that are plainly incomplete. */
  unfinishedMs: number;
}

/**
 * Decides from the words how much silence ends the user’s turn. It is asked with every frame of a silence, so it must answer at once and
 * from what it already knows. A semantic turn-detection model can be connected here.
 */
export interface EndOfTurnHint {
  /** `transcript`: all words of the turn known so far, partial or final, possibly none. `silenceMs`: the silence so far. */
  requiredSilenceMs(transcript: string, silenceMs: number, bounds: SilenceBounds): number;
}

/** The hint that needs no model: it judges the last words and their order. */
export const WORDS_END_OF_TURN: EndOfTurnHint = {
  requiredSilenceMs(transcript, _silenceMs, { completeMs, usualMs, unfinishedMs }) {
    return { complete: completeMs, open: usualMs, unfinished: unfinishedMs }[judgeWords(transcript)];
  },
};
