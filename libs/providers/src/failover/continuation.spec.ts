import { Continuation } from './continuation';

/** What is passed on of a continuation that comes in these pieces; `refused` where it is of no use. */
function goOn(before: string, pieces: readonly string[]): string {
  const continuation = new Continuation(before);
  let text = '';
  for (const piece of [...pieces, undefined]) {
    const more = piece === undefined ? continuation.end() : continuation.push(piece);
    if (more === undefined) return 'refused';
    text += more;
  }
  return text;
}

const words = (text: string): string[] => text.match(/\s*\S+/g) ?? [];

const CASES: readonly (readonly [name: string, before: string, text: string, passedOn: string])[] = [
  ['goes on', 'It is three. Or', 'four.', ' four.'],
  ['goes on behind a space', 'It is three. ', 'Or four.', 'Or four.'],
  ['goes on with a space of its own', 'It is three. Or', ' four.', ' four.'],
  ['goes on with a sign', 'It is three', ', or four.', ', or four.'],
  ['begins with the last word once more', 'It is three. Or', 'Or four.', ' four.'],
  ['begins with the last words once more', 'It is ten past', 'ten past nine.', ' nine.'],
  ['begins from the start once more', 'It is three. Or', 'It is three. Or four.', ' four.'],
  ['begins from the start in other signs and capitals', 'It is three. Or', 'it is three, or four.', ' four.'],
  ['completes a word that was cut', 'It is thr', 'three.', 'ee.'],
  ['begins from the start, past a word that was cut', 'It is thr', 'It is three. Or four.', 'ee. Or four.'],
  ['completes no word that was whole', 'It is ten. ', 'Tense? No.', 'Tense? No.'],
  ['has the signs behind the last word once more', 'It is three.', 'It is three. Or four.', ' Or four.'],
  ['has the signs and the space behind the last word once more', 'It is three. ', 'It is three. Or four.', 'Or four.'],
  ['begins a sentence with the last word of the one before', 'I count to ten.', 'Ten is enough.', ' Ten is enough.'],
  ['has only the sign at the end to add', 'It is three', '.', '.'],
  ['has only a sign to add that is there', 'It is three.', '.', ''],
  ['has nothing to add', 'It is three.', '', ''],
  ['has nothing to add but what was said', 'It is three.', 'It is three.', ''],
  ['goes on without spaces', '今天天气', '很好。', '很好。'],
  ['begins once more without spaces', '今天天气', '今天天气很好。', '很好。'],
  ['begins once more in Devanagari', 'अभी तीन', 'अभी तीन बजे हैं।', ' बजे हैं।'],
  ['shares two words with what was said', 'It is three. Or', 'It is also late.', ' It is also late.'],
  ['begins another answer with the same words', 'It is about three. Or', 'It is about four.', 'refused'],
  ['repeats a sentence from the middle and leaves it', 'So. It is about three. Or', 'it is about four', 'refused'],
  ['ends within what was said', 'It is three. Or', 'It is three.', 'refused'],
];

describe('Continuation', () => {
  it.each(CASES)('%s', (_name, before, text, passedOn) => {
    expect(goOn(before, [text])).toBe(passedOn);
  });

  it.each(CASES)('%s, word by word and character by character', (_name, before, text, passedOn) => {
    expect(goOn(before, words(text))).toBe(passedOn);
    expect(goOn(before, [...text])).toBe(passedOn);
  });

  it('holds nothing back once it is clear that nothing is repeated', () => {
    const continuation = new Continuation('It is three. Or');
    expect(continuation.push('It is')).toBe('');
    expect(continuation.push(' also')).toBe(' It is also');
    expect(continuation.push(' It')).toBe(' It');
  });

  it('is everything where nothing was said before', () => {
    expect(goOn('', ['It ', 'is'])).toBe('It is');
    expect(goOn(' ', ['It ', 'is'])).toBe('It is');
  });
});
