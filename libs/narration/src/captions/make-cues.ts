import { CUE_MAX_MS, CUE_MIN_MS, type Cue } from './cue';
import { cueLines, joinWords, splitLongWords, wordTimes } from './cue-lines';
import { type TimedWord } from './words';

/** What one speaker says without another in between: the words of one segment, or of more. */
export interface CaptionPart {
  speaker?: string;
  /** With times that count from the start of the whole audio. */
  words: readonly TimedWord[];
  /** Whether the words' times are known, and not only estimated: then they are kept in the cues. Default false. */
  isAligned?: boolean;
}

/** A silence from this length on ends a cue. */
const SILENCE_MS = 1_500;
/** A sentence that ends behind so many characters ends the cue. */
const SENTENCE_MIN = 25;
/** A cue that is full ends at a clause if so much of it is before the clause. */
const CLAUSE_MIN = 0.4;

/**
 * Makes cues of at most two lines of 42 characters and 7 s, which end with sentences and clauses where that is possible, last 1 s where the
 * next one leaves the time, and do not overlap. A cue is of one part only.
 */
export function makeCues(parts: readonly CaptionPart[]): Cue[] {
  const cues = parts.flatMap((part) => groupWords(splitLongWords(part.words)).map((group): Cue => cueOf(group, part)));
  return withoutOverlap(cues);
}

function cueOf(group: readonly TimedWord[], { speaker, isAligned = false }: CaptionPart): Cue {
  const lines = cueLines(group) ?? [group];
  return {
    startMs: group[0]?.startMs ?? 0,
    endMs: group.at(-1)?.endMs ?? 0,
    lines: lines.map(joinWords),
    ...(speaker !== undefined && { speaker }),
    ...(isAligned && { wordTimes: lines.map(wordTimes) }),
  };
}

function groupWords(words: readonly TimedWord[]): TimedWord[][] {
  const groups: TimedWord[][] = [];
  let group: TimedWord[] = [];
  for (const word of words) {
    const last = group.at(-1);
    if (last && word.startMs - last.endMs >= SILENCE_MS) {
      groups.push(group);
      group = [];
    }
    // What moves on to the next cue can be too long for it together with this word only if the cue was full, so it fits.
    if (group.length > 0 && !fits([...group, word])) {
      const end = fullEnd(group);
      groups.push(group.slice(0, end));
      group = group.slice(end);
    }
    if (group.length > 0 && !fits([...group, word])) {
      groups.push(group);
      group = [];
    }
    group.push(word);
    if (word.ends === 'sentence' && joinWords(group).length >= SENTENCE_MIN) {
      groups.push(group);
      group = [];
    }
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

const fits = (group: readonly TimedWord[]): boolean =>
  (group.at(-1)?.endMs ?? 0) - (group[0]?.startMs ?? 0) <= CUE_MAX_MS && cueLines(group) !== undefined;

/** How many words of a full group make the cue: up to its last sentence or clause end, else all. */
function fullEnd(group: readonly TimedWord[]): number {
  const sentence = group.findLastIndex(({ ends }) => ends === 'sentence') + 1;
  if (sentence > 0) return sentence;
  const clause = group.findLastIndex(({ ends }) => ends === 'clause') + 1;
  return joinWords(group.slice(0, clause)).length >= joinWords(group).length * CLAUSE_MIN ? clause : group.length;
}

/** Lengthens short cues up to the next one, and lets none begin before the one before has ended. */
function withoutOverlap(cues: readonly Cue[]): Cue[] {
  let free = 0;
  return cues.map((cue, index) => {
    const startMs = Math.max(cue.startMs, free);
    const next = cues[index + 1]?.startMs ?? Infinity;
    const wanted = Math.min(Math.max(cue.endMs, startMs + CUE_MIN_MS), startMs + CUE_MAX_MS);
    free = Math.max(startMs + 1, Math.min(wanted, next));
    return { ...cue, startMs, endMs: free };
  });
}
