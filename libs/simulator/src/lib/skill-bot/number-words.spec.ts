import { digitsForWords, sayNumber, sayYear } from './number-words.ts';

describe('sayNumber', () => {
  it.each([
    [0, 'zero'],
    [13, 'thirteen'],
    [20, 'twenty'],
    [42, 'forty two'],
    [100, 'one hundred'],
    [105, 'one hundred and five'],
    [1000, 'one thousand'],
    [1012, 'one thousand and twelve'],
    [5280, 'five thousand two hundred and eighty'],
    [2_300_000, 'two million three hundred thousand'],
    [-7, 'minus seven'],
    [8.046, 'eight point zero five'],
    [12.5, 'twelve point five'],
    [0.004, 'zero'],
    [-0.001, 'zero'],
    [9.999, 'ten'],
    [1e12, 'a number too large to say'],
    [Infinity, 'a number too large to say'],
  ])('%d is "%s"', (value, words) => {
    expect(sayNumber(value)).toBe(words);
  });
});

describe('sayYear', () => {
  it.each([
    [2026, 'twenty twenty six'],
    [2006, 'two thousand and six'],
    [2000, 'two thousand'],
    [2010, 'twenty ten'],
    [1999, 'nineteen ninety nine'],
    [1905, 'nineteen oh five'],
    [1900, 'nineteen hundred'],
    [2100, 'twenty one hundred'],
  ])('%d is "%s"', (year, words) => {
    expect(sayYear(year)).toBe(words);
  });
});

describe('digitsForWords', () => {
  it.each([
    ['what is seven plus five', 'what is 7 plus 5'],
    ['twenty one times a hundred', '21 times 100'],
    ['a hundred and five miles in a mile', '105 miles in a mile'],
    ['two thousand three hundred and sixteen', '2316'],
    ['two million five thousand and one', '2005001'],
    ['three point one four', '3.14'],
    ['half a cup', '0.5 a cup'],
    ['twenty fifteen', '20 15'],
    ['seven and five', '7 and 5'],
    ['5 point 5 miles', '5.5 miles'],
    ['12.5 percent', '12.5 percent'],
    ['thousand islands', 'thousand islands'],
    ['wait a second', 'wait a second'],
    ['', ''],
  ])('%j becomes %j', (sentence, expected) => {
    expect(digitsForWords(sentence)).toBe(expected);
  });

  it('reads what sayNumber says', () => {
    for (const value of [0, 7, 11, 38, 90, 101, 999, 1001, 20_020, 345_678, 1_000_001, 987_654_321, 2.25]) {
      expect(digitsForWords(sayNumber(value))).toBe(String(value));
    }
  });
});
