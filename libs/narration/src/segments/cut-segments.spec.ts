import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { parseScript } from '../script';
import { cutSegments, type SegmentOptions } from './cut-segments';

const cut = (source: string, options?: SegmentOptions) => cutSegments(parseScript(source).elements, options);

const SOURCE =
  '# Rain\n\nHOST: Welcome.\n\nIt rained.\nGUEST: [pause 2s] Yes. [pause 100ms] It did. [pause 1s]\n\n# Empty\n\n# Sun\n\nGUEST: Then it stopped.\n[pause 3s]\n';

describe('segments', () => {
  it('are one for each paragraph, with their place, chapter and pause', () => {
    const { segments, chapters, closingPauseMs } = cut(SOURCE);
    expect(
      segments.map(({ speaker, text, chapter, pauseBeforeMs, line, column }) => [speaker, text, chapter, pauseBeforeMs, line, column]),
    ).toEqual([
      ['HOST', 'Welcome.', 0, 0, 3, 7],
      ['HOST', 'It rained.', 0, 400, 5, 1],
      ['GUEST', 'Yes.', 0, 2_000, 6, 19],
      ['GUEST', 'It did.', 0, 100, 6, 38],
      ['GUEST', 'Then it stopped.', 1, 1_000, 12, 8],
    ]);
    expect(chapters).toEqual([
      { title: 'Rain', firstSegment: 0, line: 1, column: 1 },
      { title: 'Sun', firstSegment: 4, line: 10, column: 1 },
    ]);
    expect(closingPauseMs).toBe(3_000);
  });

  it('have the pauses that are asked for', () => {
    const pauses = { sameSpeaker: 1, otherSpeaker: 2, chapter: 3, sameParagraph: 4 };
    const source = 'A: One.\n\nTwo.\nB: Three. Four.\n\n# Next\n\nB: Five.';
    expect(cut(source, { pauses, maxCharacters: 8 }).segments.map(({ text, pauseBeforeMs }) => [text, pauseBeforeMs])).toEqual([
      ['One.', 0],
      ['Two.', 1],
      ['Three.', 2],
      ['Four.', 4],
      ['Five.', 3],
    ]);
  });

  it('have no chapter before the first heading', () => {
    expect(cut('A: One.\n\n# Two\n\nA: Two.').segments.map(({ chapter }) => chapter)).toEqual([undefined, 0]);
  });

  it.each<[string, string, number, string[]]>([
    ['at sentence ends', 'One two three. Four five six. Seven eight.', 30, ['One two three.', 'Four five six. Seven eight.']],
    [
      'at clauses where no sentence ends',
      'One two three, four five six seven eight',
      24,
      ['One two three,', 'four five six', 'seven eight'],
    ],
    ['at words where no clause ends', 'one two three four five', 13, ['one two three', 'four five']],
    ['not inside of an abbreviation', 'We saw the old Dr. Smith there.', 22, ['We saw the old', 'Dr. Smith there.']],
    ['between characters where there is nothing else', 'aaaaaaaaaa', 4, ['aaaa', 'aaaa', 'aa']],
  ])('are cut %s', (_, text, maxCharacters, expected) => {
    expect(cut(text, { maxCharacters }).segments.map((segment) => segment.text)).toEqual(expected);
  });

  const word = fc.constantFrom(
    'rain',
    'falls.',
    'sun,',
    'Dr. Smith',
    '3.14',
    'why?',
    '你好。',
    '<phoneme ph="a b">x y</phoneme>',
    'interchangeably',
  );
  const paragraph = fc.array(word, { minLength: 1, maxLength: 200, size: 'max' }).map((words) => words.join(' '));
  const paragraphs = fc.array(paragraph, { minLength: 1, maxLength: 6 });

  it('hold the whole text in order and are not longer than allowed', () => {
    fc.assert(
      fc.property(paragraphs, fc.integer({ min: 50, max: 400 }), (texts, maxCharacters) => {
        const { segments } = cut(texts.join('\n\n'), { maxCharacters });
        expect(
          segments
            .map(({ text }) => text)
            .join('')
            .replace(/\s/gu, ''),
        ).toBe(texts.join('').replace(/\s/gu, ''));
        for (const { text } of segments) expect(text.length).toBeLessThanOrEqual(maxCharacters);
      }),
      { numRuns: 60 },
    );
  });

  it('change only in the paragraph that is edited', () => {
    fc.assert(
      fc.property(paragraphs, paragraphs, paragraph, paragraph, (before, after, old, edited) => {
        const keys = (texts: string[]) => cut(texts.join('\n\n'), { maxCharacters: 200 }).segments.map(({ key }) => key);
        const [first, last] = [keys(before), keys(after)];
        for (const middle of [old, edited]) expect(keys([...before, middle, ...after])).toEqual([...first, ...keys([middle]), ...last]);
      }),
      { numRuns: 40 },
    );
  });
});
