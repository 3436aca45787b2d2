import { bare, heardWords, wordsOf } from './heard-text';
import { playedSoFarMs, voicesOf } from './playout';
import type { Reply } from './reply';
import type { UserTurn } from './user-turn';

/** The assistant's own voice, come back through the microphone: what it said last, to be known again. */

/** What the assistant was saying when it stopped. */
export interface LastSaid {
  /** Bare words: the last that were heard, and those on their way to the listener's ear. */
  words: readonly string[];
  /** Monotonic clock of the moment it stopped. */
  untilAtMs: number;
}

/** An echo repeats what was said this long before the stop... */
const BEFORE_MS = 2_000;
/** ...or was being played by a client whose position is known only so well. */
const AFTER_MS = 500;
/** Sound begins to come back while the voice is still there, or right behind it. A user who answers takes longer. */
const TAIL_MS = 250;
/** This much of a transcript must be the assistant's words. Recognisers misread an echo, so not all of it. */
const MIN_OVERLAP = 0.6;
/** One word is too often the user's: "coffee or tea?" – "tea". */
const MIN_WORDS = 2;

export function lastSaid(reply: Reply, atMs: number): LastSaid {
  const playedMs = playedSoFarMs(reply, atMs);
  const words = heardWords(voicesOf(reply), playedMs + AFTER_MS).filter(({ endMs }) => endMs > playedMs - BEFORE_MS);
  return { words: words.map(({ text }) => bare(text)).filter((word) => word !== ''), untilAtMs: atMs };
}

/** Whether `text` only repeats what the assistant has just said. */
export function repeats(text: string, said: LastSaid): boolean {
  const words = wordsOf(text)
    .map(bare)
    .filter((word) => word !== '');
  const own = new Set(said.words);
  return words.length >= MIN_WORDS && words.filter((word) => own.has(word)).length >= MIN_OVERLAP * words.length;
}

/** Whether a turn that began while the assistant spoke is nothing but its echo. */
export function isEcho(turn: UserTurn, text: string, said: LastSaid | undefined): boolean {
  if (said === undefined) return false;
  const startedAtMs = turn.lastVoicedAtMs - (turn.lastVoicedAudioMs - turn.startedAudioMs);
  return startedAtMs <= said.untilAtMs + TAIL_MS && repeats(text, said);
}
