import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import * as webvtt from 'node-webvtt';
import { CUE_LINE_MAX, CUE_MAX_MS, CUE_MIN_MS, type Cue } from './cue';
import { makeCues, type CaptionPart } from './make-cues';
import { toSrt, toWebVtt } from './subtitle-files';
import { timedWords } from './words';

/** What is said from `from` on with `step` milliseconds for each character. */
function part(text: string, { speaker, from = 0, step = 60 }: { speaker?: string; from?: number; step?: number } = {}): CaptionPart {
  const chars = text.split('');
  const words = timedWords(text, { chars, startMs: chars.map((_, index) => from + index * step), durationMs: chars.map(() => step) });
  return { words, ...(speaker !== undefined && { speaker }) };
}

const linesOf = (cues: readonly Cue[]): string[][] => cues.map(({ lines }) => lines);

describe('captions', () => {
  it.each<[string, string, string[][]]>([
    ['one line if that is enough', 'It rained all day.', [['It rained all day.']]],
    [
      'two lines of about the same length',
      'It rained all day and all night, and nobody went out.',
      [['It rained all day and all', 'night, and nobody went out.']],
    ],
    [
      'a cue for each sentence',
      'It rained all day in the town. Then it stopped, and we went.',
      [['It rained all day in the town.'], ['Then it stopped, and we went.']],
    ],
    ['short sentences together', 'Yes. No. Oh. Then it rained all day.', [['Yes. No. Oh. Then it rained all day.']]],
    [
      'clauses where a sentence is too long',
      'It rained all day and all night in the whole of the town, and nobody that we knew had gone out to see it.',
      [
        ['It rained all day and all', 'night in the whole of the town,'],
        ['and nobody that we knew', 'had gone out to see it.'],
      ],
    ],
    [
      'no end at an abbreviation',
      'They all wrote to Dr. J. K. Roe at 9 a.m. today.',
      [['They all wrote to Dr. J.', 'K. Roe at 9 a.m. today.']],
    ],
    ['Chinese without spaces', '今天下雨。明天不下雨。', [['今天下雨。明天不下雨。']]],
  ])('have %s', (_, text, expected) => {
    expect(linesOf(makeCues([part(text)]))).toEqual(expected);
  });

  it('end at a long silence and at another speaker', () => {
    const cues = makeCues([
      part('Hello', { speaker: 'A' }),
      part('there', { speaker: 'A', from: 5_000 }),
      part('Yes', { speaker: 'B', from: 5_400 }),
    ]);
    expect(cues).toEqual([
      { startMs: 0, endMs: 1_000, lines: ['Hello'], speaker: 'A' },
      { startMs: 5_000, endMs: 5_400, lines: ['there'], speaker: 'A' },
      { startMs: 5_400, endMs: 6_400, lines: ['Yes'], speaker: 'B' },
    ]);
  });

  const word = fc.constantFrom(
    'rain',
    'a',
    'falls.',
    'sun,',
    'why?',
    '你好。',
    'a-->b',
    '<b>',
    '&',
    'interchangeably',
    'x'.repeat(100),
    '\n\n',
  );
  const parts = fc
    .array(
      fc.tuple(
        fc.array(word, { maxLength: 60, size: 'max' }),
        fc.option(fc.constantFrom('HOST', 'A & B <c>\n\nd'), { nil: undefined }),
        fc.integer({ min: 1, max: 200 }),
      ),
      { maxLength: 4 },
    )
    .map((list) => {
      let from = 0;
      return list.map(([words, speaker, step]) => {
        const text = words.join(' ');
        const made = part(text, { speaker, from, step });
        from += text.length * step;
        return made;
      });
    });

  it('hold all words within their limits and without overlap', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const cues = makeCues(given);
        const text = (list: readonly string[]) => list.join('').replace(/\s/gu, '');
        expect(text(cues.flatMap(({ lines }) => lines))).toBe(text(given.flatMap(({ words }) => words.map((each) => each.text))));
        for (const [index, { startMs, endMs, lines }] of cues.entries()) {
          expect(lines.length === 1 || lines.length === 2).toBe(true);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(CUE_LINE_MAX);
          expect(endMs).toBeGreaterThan(startMs);
          expect(endMs - startMs).toBeLessThanOrEqual(CUE_MAX_MS);
          const next = cues[index + 1]?.startMs ?? Infinity;
          expect(endMs).toBeLessThanOrEqual(next);
          expect(endMs - startMs >= CUE_MIN_MS || next === endMs).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are read from WebVTT by another reader', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const cues = makeCues(given);
        const read = webvtt.parse(toWebVtt(cues), { strict: true });
        expect(read.errors).toEqual([]);
        expect(read.cues.map(({ start, end }) => [Math.round(start * 1_000), Math.round(end * 1_000)])).toEqual(
          cues.map(({ startMs, endMs }) => [startMs, endMs]),
        );
        const texts = read.cues.map(({ text }) =>
          text
            .replace(/^<v [^>]*>/u, '')
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&amp;', '&'),
        );
        expect(texts).toEqual(cues.map(({ lines }) => lines.join('\n')));
      }),
      { numRuns: 100 },
    );
  });

  it('have the times of words in WebVTT where they are known, each later than the one before and within its cue', () => {
    const stamp = /<(\d+):(\d+):([\d.]+)>/gu;
    fc.assert(
      fc.property(parts, (given) => {
        const cues = makeCues(given.map((each) => ({ ...each, isAligned: true })));
        const read = webvtt.parse(toWebVtt(cues), { strict: true });
        expect(read.errors).toEqual([]);
        const times = new Set(given.flatMap(({ words }) => words.map(({ startMs }) => startMs)));
        for (const [index, { start, end, text }] of read.cues.entries()) {
          const stamps = [...text.matchAll(stamp)].map(
            ([, hours, minutes, seconds]) => (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds),
          );
          expect([start, ...stamps, end]).toEqual([...new Set([start, ...stamps, end])].sort((a, b) => a - b));
          if (!text.includes('x'.repeat(42))) for (const at of stamps) expect(times.has(Math.round(at * 1_000))).toBe(true);
          expect(text.replace(stamp, '')).toBe(webvtt.parse(toWebVtt(makeCues(given)), { strict: true }).cues[index]?.text);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('have a time before each word but the first, and none in SubRip', () => {
    const cues = makeCues([{ ...part('Rain & sun in town.', { speaker: 'A', step: 100 }), isAligned: true }]);
    expect(toWebVtt(cues)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.900\n<v A>Rain <00:00:00.500>&amp; <00:00:00.700>sun <00:00:01.100>in <00:00:01.400>town.\n',
    );
    expect(toSrt(cues)).toBe('1\n00:00:00,000 --> 00:00:01,900\nRain & sun in town.\n');
  });

  const CUES: Cue[] = [
    { startMs: 0, endMs: 1_234, lines: ['a --> b & <c>', 'd'], speaker: 'A\n<B>' },
    { startMs: 3_661_001, endMs: 3_662_000, lines: ['e'], speaker: 'C' },
    { startMs: 3_662_000, endMs: 3_663_000, lines: ['f'], speaker: 'C' },
  ];

  it('are written as WebVTT', () => {
    expect(toWebVtt(CUES)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.234\n<v A &lt;B&gt;>a --&gt; b &amp; &lt;c&gt;\nd\n\n' +
        '01:01:01.001 --> 01:01:02.000\n<v C>e\n\n01:01:02.000 --> 01:01:03.000\n<v C>f\n',
    );
    expect(toWebVtt([])).toBe('WEBVTT\n');
  });

  it('are written as SubRip', () => {
    expect(toSrt(CUES)).toBe(
      '1\n00:00:00,000 --> 00:00:01,234\nA <B>: a → b & <c>\nd\n\n2\n01:01:01,001 --> 01:01:02,000\nC: e\n\n3\n01:01:02,000 --> 01:01:03,000\nf\n',
    );
    expect(toSrt([{ startMs: 0, endMs: 1_000, lines: ['a'], speaker: 'A' }])).toBe('1\n00:00:00,000 --> 00:00:01,000\na\n');
  });
});
