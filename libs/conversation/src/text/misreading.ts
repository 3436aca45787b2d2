/** Short words are too easily another word: "four" and "your" are told apart, "not" and "now" never misread. */
const MIN_LETTERS = 4;

/** With them somebody objects: never a misreading of what was said. */
const NEGATIONS = new Set(
  'no not nope never none nothing cannot cant dont wont didnt doesnt isnt arent wasnt werent wouldnt नहीं नही मत ना'.split(' '),
);

/** Whether a recogniser may have heard `word` where `said` was spoken: they differ in one letter. Bare words. */
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
