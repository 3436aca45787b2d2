import { Continuation } from './continuation';

/** Returns the text that is passed on of a continuation that arrives in these pieces, or `refused` if the continuation cannot be used. */
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
  ['the continuation goes on with the next word', 'It is three. Or', 'four.', ' four.'],
  ['the continuation goes on after a space', 'It is three. ', 'Or four.', 'Or four.'],
  ['the continuation begins with a space', 'It is three. Or', ' four.', ' four.'],
  ['the continuation begins with a punctuation mark', 'It is three', ', or four.', ', or four.'],
  ['the continuation repeats the last word', 'It is three. Or', 'Or four.', ' four.'],
  ['the continuation repeats the last words', 'It is ten past', 'ten past nine.', ' nine.'],
  ['the continuation repeats the reply from the start', 'It is three. Or', 'It is three. Or four.', ' four.'],
  [
    'the continuation repeats the reply from the start with other punctuation and capitals',
    'It is three. Or',
    'it is three, or four.',
    ' four.',
  ],
  ['the continuation completes a word that was cut', 'It is thr', 'three.', 'ee.'],
  ['the continuation repeats the reply from the start, beyond a word that was cut', 'It is thr', 'It is three. Or four.', 'ee. Or four.'],
  ['the continuation begins with a longer word than the whole word before it', 'It is ten. ', 'Tense? No.', 'Tense? No.'],
  ['the continuation repeats the reply with the punctuation after its last word', 'It is three.', 'It is three. Or four.', ' Or four.'],
  [
    'the continuation repeats the reply with the punctuation and the space after its last word',
    'It is three. ',
    'It is three. Or four.',
    'Or four.',
  ],
  [
    'the continuation begins a new sentence with the last word of the sentence before',
    'I count to ten.',
    'Ten is enough.',
    ' Ten is enough.',
  ],
  ['the continuation only adds the final punctuation mark', 'It is three', '.', '.'],
  ['the continuation is only a punctuation mark that is already there', 'It is three.', '.', ''],
  ['the continuation is empty', 'It is three.', '', ''],
  ['the continuation only repeats the whole reply', 'It is three.', 'It is three.', ''],
  ['the continuation goes on in a script without spaces', '今天天气', '很好。', '很好。'],
  ['the continuation repeats the reply in a script without spaces', '今天天气', '今天天气很好。', '很好。'],
  ['the continuation repeats the reply in Devanagari', 'अभी तीन', 'अभी तीन बजे हैं।', ' बजे हैं।'],
  ['the continuation begins with the same two words but is a new sentence', 'It is three. Or', 'It is also late.', ' It is also late.'],
  ['the continuation begins a different answer with the same words', 'It is about three. Or', 'It is about four.', 'refused'],
  [
    'the continuation repeats a sentence from the middle of the reply and then departs from it',
    'So. It is about three. Or',
    'it is about four',
    'refused',
  ],
  ['the continuation ends before it gets beyond the text that was said', 'It is three. Or', 'It is three.', 'refused'],
];

describe('Continuation', () => {
  it.each(CASES)('passes on only new text, or refuses the continuation, when %s', (_name, before, text, passedOn) => {
    expect(goOn(before, [text])).toBe(passedOn);
  });

  it.each(CASES)('has the same result word by word and character by character when %s', (_name, before, text, passedOn) => {
    expect(goOn(before, words(text))).toBe(passedOn);
    expect(goOn(before, [...text])).toBe(passedOn);
  });

  it('holds back no text once it is clear that nothing is repeated', () => {
    const continuation = new Continuation('It is three. Or');
    expect(continuation.push('It is')).toBe('');
    expect(continuation.push(' also')).toBe(' It is also');
    expect(continuation.push(' It')).toBe(' It');
  });

  it('passes on everything when nothing was said before', () => {
    expect(goOn('', ['It ', 'is'])).toBe('It is');
    expect(goOn(' ', ['It ', 'is'])).toBe('It is');
  });
});
