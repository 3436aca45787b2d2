import { endsSentence, splitSentences } from './sentences';

describe('sentences', () => {
  it.each([
    ['One. Two! Three? ', ['One. ', 'Two! ', 'Three? ']],
    ['It is 3.5 degrees. "Cold." Yes…', ['It is 3.5 degrees. ', '"Cold." ', 'Yes…']],
    ['no end', ['no end']],
    ['यह है। ठीक।', ['यह है। ', 'ठीक।']],
    ['Line one\nline two', ['Line one\n', 'line two']],
    [' ... ', []],
    ['', []],
  ])('splits %j', (text, sentences) => {
    expect(splitSentences(text)).toEqual(sentences);
  });

  it('recognises the end of a sentence', () => {
    expect(['Done. ', '"Done!"', 'fine…'].every(endsSentence)).toBe(true);
    expect(['not ', 'done,', '3.5'].some(endsSentence)).toBe(false);
  });
});
