const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const WORDS_A_SENTENCE = 10;

/** A text in which no word occurs twice, in sentences of ten words, at least so long. */
export function distinctWords(characters: number): string {
  let text = '';
  for (let count = 0; text.length < characters; count++) {
    const word = wordOf(count);
    const isFirst = count % WORDS_A_SENTENCE === 0;
    const isLast = count % WORDS_A_SENTENCE === WORDS_A_SENTENCE - 1;
    text += `${isFirst ? word.charAt(0).toUpperCase() + word.slice(1) : word}${isLast ? '. ' : ' '}`;
  }
  return `${text.trimEnd().replace(/\.$/, '')}.`;
}

/** Two to four syllables: the digits of the number. */
function wordOf(count: number): string {
  const syllables = CONSONANTS.length * VOWELS.length;
  let word = '';
  for (let rest = count; word.length < 4 || rest > 0; rest = Math.floor(rest / syllables)) {
    const digit = rest % syllables;
    word += CONSONANTS.charAt(digit % CONSONANTS.length) + VOWELS.charAt(Math.floor(digit / CONSONANTS.length));
  }
  return word;
}
