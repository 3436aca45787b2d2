/** Shorter words must match exactly, because one changed letter easily makes another word ("not" and "now"). */
const MIN_LETTERS = 4;

/** The user objects with these words, so they are never treated as a misreading of what the assistant said. */
const NEGATIONS = new Set(
  'no not nope never none nothing cannot cant dont wont didnt doesnt isnt arent wasnt werent wouldnt नहीं नही मत ना'.split(' '),
);

/** Whether a recogniser may have written `word` where `said` was spoken, because they differ in one letter. Both without punctuation. */
export function isMisreadingOf(word: string, said: string): boolean {
  const [heard, spoken] = [[...word], [...said]];
  if (Math.min(heard.length, spoken.length) < MIN_LETTERS || NEGATIONS.has(word)) return false;
  const start = heard.findIndex((letter, index) => letter !== spoken[index]);
  const from = start < 0 ? heard.length : start;
  const rest = (letters: readonly string[], skipped: number): string => letters.slice(from + skipped).join('');
  const options = [
    [1, 1],
    [1, 0],
    [0, 1],
  ] as const;
  return options.some(([ofHeard, ofSpoken]) => rest(heard, ofHeard) === rest(spoken, ofSpoken));
}
