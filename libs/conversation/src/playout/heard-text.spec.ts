import * as fc from 'fast-check';
import { heardText, newSpoken, type SpeechAlignment, type Spoken, timedWords, wordsOf } from './heard-text';

const SEED = 20_261_120;

/** `text`, spoken evenly from `fromMs` on at 50 ms per character. */
function aligned(text: string, fromMs = 0, msPerCharacter = 50): SpeechAlignment {
  const chars = [...text];
  return { chars, startMs: chars.map((_, index) => fromMs + index * msPerCharacter), durationMs: chars.map(() => msPerCharacter) };
}

const spoken = (pieces: string[], changes: Partial<Spoken> = {}): Spoken => ({ ...newSpoken(0), pieces, ...changes });

describe('the text that was heard', () => {
  it.each<[string, Spoken, [number, string][]]>([
    [
      'follows the alignment word by word: a word counts when its last sound was played, without the pause after it',
      spoken(['It is noon.', 'Eat well.'], { alignments: [aligned('It is noon. Eat well. ')], producedMs: 1_100 }),
      [
        [0, ''],
        [99, ''],
        [100, 'It'],
        [249, 'It'],
        [250, 'It is'],
        [499, 'It is'],
        [500, 'It is noon.'],
        [749, 'It is noon.'],
        [750, 'It is noon. Eat'],
        [1_000, 'It is noon. Eat well.'],
      ],
    ],
    [
      'does not depend on how the alignment was cut into pieces',
      spoken(['It is noon.'], { alignments: [aligned('It i'), aligned('s no', 200), aligned('on.', 400)], producedMs: 550 }),
      [
        [249, 'It'],
        [250, 'It is'],
        [500, 'It is noon.'],
      ],
    ],
    [
      'finds its place again after a number that the voice spelt out',
      spoken(['It costs $25 in all.'], { alignments: [aligned('It costs twenty-five dollars in all. ')], producedMs: 1_850 }),
      [
        [400, 'It costs'],
        [1_000, 'It costs'],
        [1_550, 'It costs $25 in'],
        [1_750, 'It costs $25 in all.'],
      ],
    ],
    [
      'is a proportional share of the audio when there is no alignment',
      spoken(['One two', 'six ten'], { producedMs: 1_200, ended: true }),
      [
        [299, ''],
        [300, 'One'],
        [600, 'One two'],
        [1_199, 'One two six'],
        [1_200, 'One two six ten'],
      ],
    ],
    [
      'assumes a usual speaking pace when there is no alignment and more audio is to come',
      spoken(['One two'], { producedMs: 100 }),
      [
        [100, ''],
        [195, 'One'],
        [390, 'One two'],
      ],
    ],
    [
      'is a proportional share of the remaining audio after the last alignment',
      spoken(['One two', 'six ten'], { alignments: [aligned('One two ', 0, 100)], producedMs: 1_300, ended: true }),
      [
        [700, 'One two'],
        [999, 'One two'],
        [1_000, 'One two six'],
        [1_300, 'One two six ten'],
      ],
    ],
    [
      'ignores an alignment that makes no sense',
      spoken(['One two'], {
        alignments: [{ chars: ['O', 'n', 'e'], startMs: [NaN, 1], durationMs: [] }, aligned('something else')],
        producedMs: 600,
        ended: true,
      }),
      [
        [299, ''],
        [300, 'One'],
        [600, 'One two'],
      ],
    ],
    ['is empty for a voice that was given no text', spoken([], { producedMs: 600, ended: true }), [[600, '']]],
  ])('%s', (_, voice, table) => {
    expect(table.map(([playedMs]) => [playedMs, heardText([voice], playedMs)])).toEqual(table);
  });

  it('includes what a failed voice was sent, and then the words of the voice that replaced it', () => {
    const failed = spoken(['It is noon.'], { alignments: [aligned('It is noon.')], producedMs: 550 });
    const fallback = spoken(['Sorry.'], { startMs: 300, producedMs: 400, ended: true });
    expect(heardText([failed, fallback], 300)).toBe('It is');
    expect(heardText([failed, fallback], 699)).toBe('It is');
    expect(heardText([failed, fallback], 700)).toBe('It is Sorry.');
  });
});

const word = fc.constantFrom('It', 'is', 'noon.', '25', '–', 'कल', 'मिलते', '"Well,', 'is', '👍');
const piece = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const time = fc.oneof(fc.integer({ min: -50, max: 5_000 }), fc.constantFrom(NaN, Infinity));
const anyAlignment: fc.Arbitrary<SpeechAlignment> = fc.oneof(
  piece.map((text) => aligned(text)),
  fc.record({
    chars: fc.array(fc.constantFrom('I', 't', ' ', 's', '2', '.', ''), { maxLength: 12 }),
    startMs: fc.array(time, { maxLength: 12 }),
    durationMs: fc.array(time, { maxLength: 12 }),
  }),
);
const voices: fc.Arbitrary<Spoken> = fc.record({
  startMs: fc.constantFrom(0, 400),
  pieces: fc.array(piece, { maxLength: 4 }),
  alignments: fc.array(anyAlignment, { maxLength: 4 }),
  producedMs: fc.integer({ min: 0, max: 6_000 }),
  ended: fc.boolean(),
});

describe('the heard text for any alignment', () => {
  it('is a prefix of the reply, only grows, and is the whole reply once everything was played', () => {
    fc.assert(
      fc.property(voices, fc.array(fc.integer({ min: 0, max: 8_000 }), { minLength: 2, maxLength: 6 }), (voice, moments) => {
        const words = wordsOf(voice.pieces.join(' '));
        let before = 0;
        for (const playedMs of moments.sort((a, b) => a - b)) {
          const heard = wordsOf(heardText([voice], playedMs));
          expect(heard).toEqual(words.slice(0, heard.length));
          expect(heard.length).toBeGreaterThanOrEqual(before);
          before = heard.length;
        }
        const ends = timedWords(voice).map(({ endMs }) => endMs);
        expect(ends.every(Number.isFinite)).toBe(true);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        if (voice.ended) expect(heardText([voice], voice.startMs + voice.producedMs)).toBe(words.join(' '));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
