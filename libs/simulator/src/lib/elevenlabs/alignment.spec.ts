import type { AlignmentStyle } from '../simulator';
import { AlignmentWriter } from './alignment';
import { cutFrames } from './spoken-frames';

const TEXT = 'one two three';
const STEP_MS = 100;

/** The alignment of the text's frames, 300 ms each, in one style. */
function written(style: AlignmentStyle): [chars: string, startTimesMs: number[]][] {
  const characters = [...TEXT].map((char, index) => ({ char, startMs: index * STEP_MS, endMs: (index + 1) * STEP_MS }));
  const writer = new AlignmentWriter(style);
  const lengths = { shortest: 300, longest: 300 };
  return [...cutFrames(new Int16Array(1_300), 1_000, characters, () => 0, lengths)].flatMap((frame) => {
    const { normalizedAlignment } = writer.write(frame, undefined);
    return normalizedAlignment ? [[normalizedAlignment.chars.join(''), normalizedAlignment.charStartTimesMs] as [string, number[]]] : [];
  });
}

describe('AlignmentWriter', () => {
  it.each<[AlignmentStyle, string[]]>([
    ['whole', ['one', ' tw', 'o t', 'hre', 'e']],
    ['normalized-only', ['one', ' tw', 'o t', 'hre', 'e']],
    ['none', []],
    ['sparse', ['one', 'hre']],
    ['early', [TEXT]],
    ['short', ['one', ' t', 'hre', 'e']],
    ['absolute', ['one', ' tw', 'o t', 'hre', 'e']],
    ['restarting', ['one', 'one tw', 'one two t', 'one two thre', TEXT]],
  ])('writes the style "%s"', (style, expected) => {
    expect(written(style).map(([chars]) => chars)).toEqual(expected);
  });

  it('counts times from the start of the frame, or from the start of the context', () => {
    expect(written('whole')[1]).toEqual([' tw', [0, 100, 200]]);
    expect(written('absolute')[1]).toEqual([' tw', [300, 400, 500]]);
    expect(written('short')[1]).toEqual([' t', [0, 200]]);
  });

  it('leaves the plain alignment empty in the style "normalized-only"', () => {
    const frame = { pcm: new Int16Array(1), durationMs: 100, characters: [{ char: 'a', startMs: 0, endMs: 100 }] };
    expect(new AlignmentWriter('normalized-only').write(frame, undefined).alignment).toBeNull();
    expect(new AlignmentWriter('whole').write(frame, undefined).alignment).not.toBeNull();
  });
});
