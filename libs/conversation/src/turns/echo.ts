import { bare, heardWords, wordsOf } from '../playout/heard-text';
import { isMisreadingOf } from '../text/misreading';
import { playedSoFarMs, playedUntilAtMs, voicesOf } from '../playout/playout';
import type { Reply } from './reply';
import type { UserTurn } from './user-turn';

/**
 * Recognises the assistant’s own voice when the microphone picks it up. Only a certain echo counts as one: the words that were being
 * played at that moment, in the same order, in a voice that begins and ends with them. Everything else is the user, who may well repeat
 * the assistant.
 */

/** What the assistant was saying when it stopped. For each word: */
export interface LastSaid {
  /** The words without punctuation: the last ones that were heard, and those on their way to the listener. */
  words: readonly string[];
  /** The end of each word, on the monotonic clock. */
  endsAtMs: readonly number[];
  /** Whether a question ends with the word. */
  asks: readonly boolean[];
  /** When the first sample was played, on the monotonic clock. */
  fromAtMs: number;
  /** When the last sample was played, on the monotonic clock. */
  untilAtMs: number;
}

/** Words that were played longer ago than this are not part of an echo, however long it took until the assistant stopped. */
const BEFORE_MS = 4_000;
/** This much audio may still be on its way to a client that is told to stop, and through the air to the microphone. */
const AFTER_MS = 500;
/** An echo begins while the assistant’s voice is heard, or this soon after it. A user who answers takes longer. */
const TAIL_MS = 250;
/** An echo that begins after the last sample was played ends within this time. A user speaks for longer. */
const TAIL_END_MS = 350;
/**
 * The first word of an echo may have ended this long before the voice was noticed, because the recogniser also hears the audio before
 * that.
 */
const FIRST_WORD_MS = 1_400;
/** An echo ends this soon after its last word was played, for each repeated word, because few repeated words prove little. */
const LAG_PER_WORD_MS = 250;
/** An echo ends at most this long after its last word was played. */
const MAX_LAG_MS = 750;
/** A single repeated word is too often the user’s own: "coffee or tea?" – "tea". */
const MIN_WORDS = 2;
/** This many words must match exactly before another word may be treated as misread. */
const MIN_EXACT_WORDS = 2;

const QUESTION_MARK = /[?？؟]["'”’)\]]*$/u;

export function lastSaid(reply: Reply, atMs: number): LastSaid {
  const playedMs = playedSoFarMs(reply, atMs);
  const untilAtMs = playedUntilAtMs(reply, atMs);
  const clockMs = (positionMs: number): number => untilAtMs - playedMs + positionMs;
  const heard = playedMs > 0 ? heardWords(voicesOf(reply), playedMs + AFTER_MS) : [];
  const words = heard.filter(({ text, endMs }) => endMs > playedMs - BEFORE_MS && bare(text) !== '');
  return {
    words: words.map(({ text }) => bare(text)),
    endsAtMs: words.map(({ endMs }) => clockMs(endMs)),
    asks: words.map(({ text }) => QUESTION_MARK.test(text)),
    fromAtMs: clockMs(0),
    untilAtMs,
  };
}

/** Whether `text` only repeats what the assistant has just said, in the same order. */
export const repeats = (text: string, said: Pick<LastSaid, 'words'>): boolean => findRepeats(text, said.words).length > 0;

/** Whether a turn is only the echo of what the assistant was saying. */
export function isEcho(turn: UserTurn, text: string, said: LastSaid | undefined): boolean {
  if (said === undefined || !isWithin(turn, said)) return false;
  const isQuestion = QUESTION_MARK.test(text.trim());
  return findRepeats(text, said.words).some((repeat) => isInStep(turn, repeat, said) && (!isQuestion || (said.asks[repeat.last] ?? false)));
}

/** The positions of the assistant’s words that a text repeats. */
interface Repeat {
  first: number;
  last: number;
  count: number;
}

const startedAtMs = (turn: UserTurn): number => turn.lastVoicedAtMs - (turn.lastVoicedAudioMs - turn.startedAudioMs);

/** Whether the voice was heard while the assistant was heard, or right after it. */
function isWithin(turn: UserTurn, { fromAtMs, untilAtMs }: LastSaid): boolean {
  const beganAtMs = startedAtMs(turn);
  const endsByMs = untilAtMs + (beganAtMs < untilAtMs ? AFTER_MS : TAIL_END_MS);
  return beganAtMs >= fromAtMs && beganAtMs <= untilAtMs + TAIL_MS && turn.lastVoicedAtMs <= endsByMs;
}

/** Whether the voice begins and ends when these words do. */
function isInStep(turn: UserTurn, { first, last, count }: Repeat, { endsAtMs }: LastSaid): boolean {
  const firstEndAtMs = endsAtMs[first] ?? -Infinity;
  const lagMs = turn.lastVoicedAtMs - (endsAtMs[last] ?? -Infinity);
  return firstEndAtMs >= startedAtMs(turn) - FIRST_WORD_MS && lagMs <= Math.min(count * LAG_PER_WORD_MS, MAX_LAG_MS);
}

/** Every position at which the assistant has said `text`. In a text of three or more words, one may be missing or misread. */
function findRepeats(text: string, said: readonly string[]): Repeat[] {
  const words = wordsOf(text)
    .map(bare)
    .filter((word) => word !== '');
  if (words.length < MIN_WORDS) return [];
  return said.flatMap((_, first) => {
    const last = endOfRepeat(words, said, first);
    return last === undefined ? [] : [{ first, last, count: words.length }];
  });
}

function endOfRepeat(words: readonly string[], said: readonly string[], first: number): number | undefined {
  let at = first;
  let flaws = 0;
  for (const [index, word] of words.entries()) {
    if (said[at] !== word) {
      flaws++;
      if (index > 0 && said[at + 1] === word) at++;
      else if (!isMisreadingOf(word, said[at] ?? '')) return undefined;
    }
    at++;
  }
  return flaws === 0 || (flaws === 1 && words.length > MIN_EXACT_WORDS) ? at - 1 : undefined;
}
