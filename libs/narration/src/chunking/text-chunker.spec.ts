import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { splitAtRandom } from '../testing/split-text';
import { CHUNK_SCHEDULES, PASSAGE_SCHEDULES } from './schedules';
import { TextChunker } from './text-chunker';

function chunksOf(pieces: readonly string[], schedule: readonly number[]): string[] {
  const chunker = new TextChunker(schedule);
  const chunks = pieces.flatMap((piece) => chunker.push(piece));
  const last = chunker.flush();
  return last === undefined ? chunks : [...chunks, last];
}

/** The ends of the chunks, the last one left out, if the text before them is `filler` of about the wanted length. */
const firstChunk = (text: string, wanted = 50): string | undefined => new TextChunker([wanted]).push(text)[0];

/** 48 characters without a place for a cut behind the last space. */
const FILL = 'It was late in the year and all of the people we ';

const HARD_PARTS = [
  'Dr. Smith',
  'Prof. Rao',
  'e.g. apples',
  'J. R. R. Tolkien',
  'J.R.R. Tolkien',
  'No. 5',
  'Fig. 12',
  'Mr. O’Neil',
  'Rs. 500',
  'डॉ. राव',
  '1,234.56',
  '3.14',
  '$5.00',
  '12.03.2024',
  '2024-03-12',
  '10:30',
  'v1.2.3',
  'March 5, 2024',
  '5 p.m.',
  '12 March',
  '10 000 000',
  '5 %',
  '1, 2',
  '[pause 1s]',
  '[pause 500 ms]',
  '<break time="1s"/>',
  '<phoneme alphabet="ipa" ph="ə b">A. B, c</phoneme>',
  'https://example.com/a,b;c?d=e.f',
];
const SOFT_PARTS = [
  'the word',
  'house',
  'Yes!',
  'Why?',
  'It is done.',
  'and so,',
  'but:',
  'then;',
  '—',
  '–',
  '。',
  '！',
  '？',
  '、',
  '，',
  '।',
  '؟',
  '،',
  '…',
  '...',
  '"Go."',
  '(no)',
  '\n',
  '\n\n',
  '\r\n',
  '  ',
  '你好世界',
  'これは',
  'नमस्ते',
  'مرحبا',
  '👩‍👩‍👧',
  '🇮🇳',
  'é',
  '<',
  '[',
  ']',
  '>',
  '<ph',
  '[pa',
  'etc.',
  '42',
  '7.',
];
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SOFT_PARTS) }, fc.constantFrom(...HARD_PARTS)), {
    maxLength: 120,
    size: 'max',
  })
  .chain((parts) =>
    fc
      .array(fc.constantFrom(' ', ' ', ' ', ''), { minLength: parts.length, maxLength: parts.length })
      .map((gaps) => parts.map((part, index) => part + gaps[index]).join('')),
  );
const schedule = fc.constantFrom<readonly number[]>(...Object.values(CHUNK_SCHEDULES), ...Object.values(PASSAGE_SCHEDULES), [50]);

describe('the text chunker', () => {
  it.each<[string, string, string]>([
    ['at a sentence end', `${FILL}saw. Then they left.`, `${FILL}saw. `],
    ['at a sentence end within reach rather than at a comma before it', `${FILL}saw, left. Then we`, `${FILL}saw, left. `],
    ['at a comma where no sentence ends within reach', `${FILL}saw, and left with all that they could carry.`, `${FILL}saw, `],
    ['at a word end where no clause ends within reach', `${FILL}saw left with all that they could carry home`, `${FILL}saw `],
    ['behind a closing quote', `${FILL}said: "no." Then they left.`, `${FILL}said: "no." `],
    ['behind a dash', `${FILL}saw—or heard about from the people that came`, `${FILL}saw—`],
    ['at the end of a paragraph', `${FILL}saw\n\nThen they left`, `${FILL}saw\n\n`],
    ['not at a title', `${FILL}saw Dr. Smith. Then`, `${FILL}saw Dr. Smith. `],
    ['not at an abbreviation', `${FILL}saw, e.g. it. Then`, `${FILL}saw, e.g. it. `],
    ['not at initials', `${FILL}saw J. K. Roe. Then`, `${FILL}saw J. K. Roe. `],
    ['not at a decimal point', `${FILL}paid 3.14 for. Then`, `${FILL}paid 3.14 for. `],
    ['not in an amount', `${FILL}paid $5,000.00 for. Then`, `${FILL}paid $5,000.00 for. `],
    ['not in a written date', `${FILL}met March 5, 2024 and that all of the others could not`, `${FILL}met `],
    ['not between a number and its unit', `${FILL}5 kilograms and more of everything that we could`, `${FILL}5 kilograms `],
    ['not at the number of something', `${FILL}see No. 5. Then`, `${FILL}see No. 5. `],
    ['behind the word no', `${FILL}say no. Then`, `${FILL}say no. `],
    ['not in a pause', `${FILL}saw [pause 1 s, long]. Then`, `${FILL}saw [pause 1 s, long]. `],
    ['not in an element', `${FILL}see <break time="1s" /> it and all of the others that`, `${FILL}see `],
    [
      'not in a phoneme',
      `${FILL}<phoneme alphabet="ipa" ph="a b">A, b. c</phoneme> and more of it all`,
      `${FILL}<phoneme alphabet="ipa" ph="a b">A, b. c</phoneme> `,
    ],
    ['at Chinese punctuation', '他说'.repeat(30) + '。然后', '他说'.repeat(30) + '。'],
    ['at a Chinese comma', '他说'.repeat(30) + '，然后' + '他说'.repeat(20), '他说'.repeat(30) + '，'],
    ['at the danda', `${'राम '.repeat(14)}गया। फिर`, `${'राम '.repeat(14)}गया। `],
    ['at an Arabic question mark', `${'كلمة '.repeat(11)}هذا؟ ثم`, `${'كلمة '.repeat(11)}هذا؟ `],
    ['at an Arabic comma', `${'كلمة '.repeat(11)}هذا، ثم ${'كلمة '.repeat(9)}`, `${'كلمة '.repeat(11)}هذا، `],
  ])('cuts %s', (_, given, expected) => {
    expect(firstChunk(given)).toBe(expected);
  });

  it('cuts text without any break before the bound, at a visible character', () => {
    const chunk = firstChunk('👩‍👩‍👧'.repeat(100));
    expect(chunk).toMatch(/^(👩‍👩‍👧)+$/u);
    expect(chunk?.length).toBeLessThanOrEqual(175);
  });

  it('cuts Chinese text without punctuation between words', () => {
    expect(firstChunk('我们今天去北京大学'.repeat(30))).toMatch(/(我们|今天|去|北京大学|北京|大学)$/u);
  });

  it('follows the schedule and keeps to its last entry', () => {
    const chunks = chunksOf([`${'A few words. '.repeat(100)}`], CHUNK_SCHEDULES.speed);
    expect(chunks.slice(0, 5).map(({ length }) => length)).toEqual([52, 78, 104, 156, 156]);
  });

  it('gives what is held when it is flushed, and nothing when nothing is held', () => {
    const chunker = new TextChunker([50]);
    expect(chunker.push('Only this')).toEqual([]);
    expect(chunker.flush()).toBe('Only this');
    expect(chunker.flush()).toBeUndefined();
    expect(chunker.held).toBe('');
  });

  it('loses nothing and does not depend on how the text was split', () => {
    fc.assert(
      fc.property(
        fc.oneof(splitAtRandom(text), splitAtRandom(fc.string({ unit: 'binary', maxLength: 900, size: 'max' }))),
        schedule,
        (pieces, entries) => {
          const whole = pieces.join('');
          const chunks = chunksOf(pieces, entries);
          expect(chunks.join('')).toBe(whole);
          expect(chunks).toEqual(chunksOf([whole], entries));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('cuts single characters as it cuts the whole text', () => {
    fc.assert(
      fc.property(text, schedule, (whole, entries) => {
        expect(chunksOf(whole.split(''), entries)).toEqual(chunksOf([whole], entries));
      }),
      { numRuns: 60 },
    );
  });

  it('never cuts inside of a number, a date, an abbreviation or a tag', () => {
    const part = fc.tuple(fc.constantFrom(...HARD_PARTS), fc.constantFrom('house', 'done.', 'so,', 'why?', 'water'));
    const parts = fc.array(part, { minLength: 5, maxLength: 60, size: 'max' }).map((pairs) => pairs.flat());
    fc.assert(
      fc.property(parts, schedule, (all, entries) => {
        const ends = new Set<number>();
        let at = 0;
        for (const part of all) ends.add((at += part.length + 1));
        let cut = 0;
        for (const chunk of chunksOf([all.join(' ') + ' '], entries)) {
          cut += chunk.length;
          expect(ends).toContain(cut);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string | undefined, string]>([
    ['One. Two, three fo', 'One. ', 'Two, three fo'],
    ['Two, three fo', 'Two, ', 'three fo'],
    ['three fo', 'three ', 'fo'],
    ['It is done.', 'It is done.', ''],
    ['你好。', '你好。', ''],
    ['I met Dr.', 'I met ', 'Dr.'],
    ['wo', undefined, 'wo'],
    ['It costs <br', 'It costs ', '<br'],
    ['', undefined, ''],
  ])('gives the whole words of %p before a chunk is complete', (text, words, rest) => {
    const chunker = new TextChunker([120]);
    chunker.push(text);
    expect(chunker.flushWords()).toBe(words);
    expect(chunker.held).toBe(rest);
  });

  it('holds a bounded text, whatever comes', () => {
    const odd = fc.array(
      fc.constantFrom('<phoneme x>', '[aaaaaaaaaaaaaa', '<abc ', 'aaaaaaaaaaaaaaaaaaaaaa', '你', '1', ' ', '<', '[', '\u0301'),
      { minLength: 100, maxLength: 300, size: 'max' },
    );
    fc.assert(
      fc.property(odd, schedule, (all, entries) => {
        const chunker = new TextChunker(entries);
        for (const piece of all) {
          chunker.push(piece);
          expect(chunker.held.length).toBeLessThan(1_500);
        }
      }),
      { numRuns: 60 },
    );
  });
});
