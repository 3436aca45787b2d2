import { breaksAt, endsOpenly, lastBreak, lastSentenceEnd, nextBreak, nextSentence } from './word-breaks';

describe('where a text may be divided', () => {
  it.each([
    ['Hello wor', 6],
    ['Hello ', 6],
    ['Hello', 0],
    ['3.14 is', 5],
    ['well-known', 0],
    ['', 0],
    ['你好', 2],
    ['你好。Hi', 3],
    ['one\n', 4],
  ])('lastBreak: the words of %j are complete up to %i', (text, expected) => expect(lastBreak(text, 0)).toBe(expected));

  it('lastBreak: a run of characters that is no word is not held without end', () => {
    expect(lastBreak('x'.repeat(300), 0)).toBe(300);
  });

  it.each([
    ['one two', 4, true],
    ['one two', 3, false],
    ['one two', 5, false],
    ['one  two', 4, false],
    ['😀 x', 1, false],
    ['พร้', 2, false],
  ])('breaksAt: whether a word of %j begins at %i is %s', (text, position, expected) => expect(breaksAt(text, position)).toBe(expected));

  it('nextBreak: finds the next word and the end of the text', () => {
    expect(nextBreak('one, two', 1)).toBe(5);
    expect(nextBreak('one, two', 5)).toBe(8);
  });

  it('endsOpenly: more text may follow spaces and scripts without spaces', () => {
    expect(['a ', '你', 'a', 'a.', ''].map(endsOpenly)).toEqual([true, true, false, false, true]);
  });

  it('finds ends and beginnings of sentences', () => {
    expect(lastSentenceEnd('One. Two! Three', 0, 15)).toBe(10);
    expect(lastSentenceEnd('One, two', 0, 8)).toBeUndefined();
    expect(nextSentence('One. Two! Three', 2)).toBe(5);
    expect(nextSentence('One. Two!', 6)).toBeUndefined();
  });
});
