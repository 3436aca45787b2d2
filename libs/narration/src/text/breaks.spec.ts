import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { findBreaks } from './breaks';

/** The pieces between all places where a text can be cut, each with the kind of its end. */
function pieces(text: string): string[] {
  const { breaks } = findBreaks(text, true);
  return breaks.map(({ index, kind }, number) => `${text.slice(number === 0 ? 0 : breaks[number - 1]?.index, index).trim()} (${kind})`);
}

describe('the places where a text can be cut', () => {
  it.each<[string, string[]]>([
    ['One, two. Three', ['One, (clause)', 'two. (sentence)']],
    ['He said: "Go." Then', ['He (word)', 'said: (clause)', '"Go." (sentence)']],
    ['Well... no', ['Well... (clause)']],
    ['Title\n\nText', ['Title (clause)', '(paragraph)']],
    ['apples, pears etc. and', ['apples, (clause)', 'pears (word)', 'etc. (clause)']],
    ['It is 42. Next', ['It (word)', 'is 42. (sentence)']],
    ['Say no. Then', ['Say (word)', 'no. (sentence)']],
    ['bus no. 5 to', ['bus (word)']],
  ])('in %j', (text, expected) => {
    expect(pieces(text).map((piece) => piece.trim())).toEqual(expected);
  });

  it('are the same however much of the text is known', () => {
    const part = fc.constantFrom(
      'Dr.',
      'no.',
      '5',
      ' ',
      '\r',
      '\n',
      '.',
      '!',
      ',',
      '。',
      '」',
      '[',
      ']',
      '<b',
      '>',
      'word',
      '😀',
      '—',
      '"',
      'U.S.',
      '\u0301',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30, size: 'max' }), fc.nat(), (parts, place) => {
        const text = parts.join('');
        const whole = findBreaks(text, false);
        const prefix = findBreaks(text.slice(0, place % (text.length + 1)), false);
        expect(whole.certainUpTo).toBeGreaterThanOrEqual(prefix.certainUpTo);
        expect(whole.breaks.filter(({ index }) => index <= prefix.certainUpTo)).toEqual(
          prefix.breaks.filter(({ index }) => index <= prefix.certainUpTo),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
