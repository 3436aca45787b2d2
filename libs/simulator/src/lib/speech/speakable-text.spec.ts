import { speakableText } from './speakable-text.ts';

describe('speakableText', () => {
  it.each([
    ['It’s “fine” – really…', 'It\'s "fine", really...'],
    ['Crème brûlée, naïve', 'Creme brulee, naive'],
    ['**Bold** and `code` # title', 'Bold and code title'],
    ['one\n\ttwo\u0000', 'one two'],
    ['₹5 \u{1f600} ok', '5 ok'],
    [' ... ', ''],
    ['नमस्ते', ''],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(speakableText(text)).toBe(expected);
  });
});
