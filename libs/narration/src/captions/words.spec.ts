import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { type CharacterTimes } from './alignment';
import { timeText } from './time-text';
import { timedWords } from './words';

/** An alignment of 100 ms for each character. */
const evenly = (text: string, from = 0): CharacterTimes => ({
  chars: [...text],
  startMs: [...text].map((_, index) => from + index * 100),
  durationMs: [...text].map(() => 100),
});

const wordsOf = (text: string, alignment: CharacterTimes): [string, number, number][] =>
  timedWords(text, alignment).map((word) => [word.text, word.startMs, word.endMs]);

describe('the words of an alignment', () => {
  it('have the times of their characters', () => {
    expect(timedWords('It rained, today.', evenly('It rained, today.'))).toEqual([
      { text: 'It', startMs: 0, endMs: 200, offset: 0 },
      { text: 'rained,', startMs: 300, endMs: 1_000, offset: 3, ends: 'clause' },
      { text: 'today.', startMs: 1_100, endMs: 1_700, offset: 11 },
    ]);
  });

  it('count from where their audio begins', () => {
    expect(timedWords('It', evenly('It'), 5_000)).toEqual([{ text: 'It', startMs: 5_000, endMs: 5_200, offset: 0 }]);
  });

  it('are found where numbers were written out', () => {
    expect(wordsOf('It costs $5.00 today.', evenly('it costs five dollars today'))).toEqual([
      ['It', 0, 200],
      ['costs', 300, 800],
      ['$5.00', 900, 2_100],
      ['today.', 2_200, 2_700],
    ]);
  });

  it('are found where an abbreviation was written out', () => {
    const words = wordsOf('Dr. Smith came in.', evenly('Doctor Smith came in.'));
    expect(words[1]).toEqual(['Smith', 700, 1_200]);
    expect(words.at(-1)).toEqual(['in.', 1_800, 2_100]);
  });

  it('share the time where a part of the alignment is missing', () => {
    const text = 'The first part is here. The middle has no times at all, none. The last part is here.';
    const middle = text.indexOf('The middle');
    const last = text.indexOf('The last');
    const whole = evenly(text);
    const keep = (list: readonly unknown[]) => [...list.slice(0, middle), ...list.slice(last)];
    const sparse = { chars: keep(whole.chars), startMs: keep(whole.startMs), durationMs: keep(whole.durationMs) } as CharacterTimes;
    expect(timedWords(text, sparse)).toEqual(timedWords(text, whole));
  });

  it('go on at the usual speed where the end of the alignment is missing', () => {
    expect(wordsOf('It rained today', evenly('It rained'))).toEqual([
      ['It', 0, 200],
      ['rained', 300, 900],
      ['today', 1_000, 1_500],
    ]);
  });

  it('leave markup out, but not what stands in it', () => {
    const text = '[laughs] Say <phoneme alphabet="ipa" ph="x">niche</phoneme> now [1].';
    expect(wordsOf(text, evenly('Say niche now [1].')).map(([word]) => word)).toEqual(['Say', 'niche', 'now', '[1].']);
    expect(wordsOf(text, evenly('Say niche now [1].'))[1]).toEqual(['niche', 400, 900]);
  });

  it('are divided in scripts without spaces', () => {
    expect(wordsOf('今天下雨。', evenly('今天下雨。')).map(([word]) => word)).toEqual(['今天', '下雨。']);
  });

  it('take times of whole visible characters', () => {
    const chars = ['👩‍👩‍👧', ' ', 'é', '!'];
    expect(wordsOf('👩‍👩‍👧 é!', { chars, startMs: [0, 100, 200, 300], durationMs: [100, 100, 100, 100] })).toEqual([
      ['👩‍👩‍👧', 0, 100],
      ['é!', 200, 400],
    ]);
  });

  it.each<[string, CharacterTimes]>([
    ['nothing', { chars: [], startMs: [], durationMs: [] }],
    ['no valid time', { chars: ['a', 'b'], startMs: [NaN], durationMs: [1, 1] }],
  ])('are none if the alignment holds %s', (_, alignment) => {
    expect(timedWords('ab cd', alignment)).toEqual([]);
  });

  it('have times that never decrease, whatever the alignment holds', () => {
    const time = fc.oneof(fc.integer({ min: -100, max: 5_000 }), fc.constant(NaN), fc.constant(Infinity));
    const alignment = fc.record({
      chars: fc.array(fc.constantFrom('a', 'b', ' ', '.', 'ab', '', '你'), { maxLength: 60 }),
      startMs: fc.array(time, { maxLength: 60 }),
      durationMs: fc.array(time, { maxLength: 60 }),
    });
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', ' ', '. ', '你', '<b>'), { maxLength: 60 }), alignment, (parts, given) => {
        const text = parts.join('');
        const times = timeText(text, given);
        if (!times) return;
        expect(times).toHaveLength(text.length);
        for (const [index, { startMs, endMs }] of times.entries()) {
          expect(startMs).toBeGreaterThanOrEqual(times[index - 1]?.startMs ?? 0);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
        }
      }),
      { numRuns: 500 },
    );
  });
});
