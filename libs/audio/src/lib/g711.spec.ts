import fc from 'fast-check';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from './g711';

/** An interval of positive samples in the recommendation's tables, in 16-bit steps: [from, to), and the value that is decoded for all of them. */
interface Interval {
  from: number;
  to: number;
  output: number;
}

/** The positive half of a law, from the column "number of intervals × interval size" of the recommendation's table, in units of `unit` 16-bit steps. */
function intervalsOf(unit: number, segments: readonly (readonly [count: number, size: number])[], first: Interval[]): Interval[] {
  const intervals = [...first];
  for (const [count, size] of segments) {
    for (let i = 0; i < count; i++) {
      const from = intervals.at(-1)?.to ?? 0;
      const to = from + size * unit;
      intervals.push({ from, to, output: (from + to) / 2 });
    }
  }
  return intervals;
}

/** Table 2a: magnitudes of 14 bits up to 8159. The first interval is half as wide as the next, and its value is zero. */
const ULAW = intervalsOf(
  4,
  [
    [15, 2],
    [16, 4],
    [16, 8],
    [16, 16],
    [16, 32],
    [16, 64],
    [16, 128],
    [16, 256],
  ],
  [{ from: 0, to: 4, output: 0 }],
);
/** Table 1a: magnitudes of 13 bits up to 4096. */
const ALAW = intervalsOf(
  8,
  [
    [32, 2],
    [16, 4],
    [16, 8],
    [16, 16],
    [16, 32],
    [16, 64],
    [16, 128],
  ],
  [],
);

const LAWS = [
  {
    law: 'µ-law',
    encode: encodeUlaw,
    decode: decodeUlaw,
    intervals: ULAW,
    byteOf: (n: number) => 0xff - n,
    mostError: (m: number) => (m + 132) / 32,
  },
  {
    law: 'A-law',
    encode: encodeAlaw,
    decode: decodeAlaw,
    intervals: ALAW,
    byteOf: (n: number) => (0x80 + n) ^ 0x55,
    mostError: (m: number) => Math.max(8, m / 32),
  },
];
const SIGN = 0x80;
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const samples = fc.int16Array({ maxLength: 200 });

describe.each(LAWS)('G.711 $law', ({ law, encode, decode, intervals, byteOf, mostError }) => {
  it('has the 128 intervals of the recommendation on each side of zero', () => {
    expect(intervals).toHaveLength(128);
    expect(intervals.at(-1)).toEqual(
      law === 'µ-law' ? { from: 31_612, to: 32_636, output: 32_124 } : { from: 31_744, to: 32_768, output: 32_256 },
    );
  });

  it('decodes every byte to the value in the recommendation', () => {
    const bytes = Uint8Array.from(intervals, (_, n) => byteOf(n));
    expect([...decode(bytes)]).toEqual(intervals.map(({ output }) => output));
    expect([...decode(bytes.map((byte) => byte ^ SIGN))]).toEqual(intervals.map(({ output }) => (output === 0 ? 0 : -output)));
  });

  it('encodes every positive sample as the byte of its interval', () => {
    for (const [n, { from, to }] of intervals.entries()) {
      const inside = Int16Array.from({ length: to - from }, (_, i) => from + i);
      expect(new Set(encode(inside))).toEqual(new Set([byteOf(n)]));
    }
  });

  it('encodes negative samples as the positive ones with the other sign', () => {
    // The bounds of intervals are left out: the recommendation does not say on which side they are.
    for (const [n, { from, to }] of intervals.entries()) {
      const inside = Int16Array.from({ length: to - from - 1 }, (_, i) => -(from + 1 + i));
      expect(new Set(encode(inside))).toEqual(new Set([byteOf(n) ^ SIGN]));
    }
  });

  it('clips the loudest samples', () => {
    const loudest = intervals.at(-1)?.output ?? NaN;
    expect([...decode(encode(Int16Array.of(32_767, -32_767, -32_768)))]).toEqual([loudest, -loudest, -loudest]);
  });

  it('restores every byte after decoding and encoding, except the second code for zero in µ-law', () => {
    const restored = ALL_BYTES.map((byte) => (law === 'µ-law' && byte === 0x7f ? 0xff : byte));
    expect(encode(decode(ALL_BYTES))).toEqual(restored);
  });

  it('loses nothing more when audio is encoded a second time', () => {
    fc.assert(
      fc.property(samples, (pcm) => {
        const once = decode(encode(pcm));
        expect(decode(encode(once))).toEqual(once);
      }),
    );
  });

  it('has an error of about a thirty-second of the sample at most', () => {
    fc.assert(
      fc.property(samples, (pcm) => {
        const decoded = decode(encode(pcm));
        pcm.forEach((sample, i) => {
          const magnitude = Math.min(Math.abs(sample), intervals.at(-1)?.to ?? NaN);
          expect(Math.abs(Math.abs(decoded[i]) - magnitude)).toBeLessThanOrEqual(mostError(magnitude));
        });
      }),
    );
  });

  it('keeps the order of samples', () => {
    const ascending = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
    const decoded = decode(encode(ascending));
    expect(decoded).toEqual(decoded.toSorted());
  });

  it('gives one byte for each sample and leaves its input unchanged', () => {
    fc.assert(
      fc.property(samples, (pcm) => {
        const before = pcm.slice();
        const bytes = encode(pcm);
        expect(bytes).toHaveLength(pcm.length);
        expect(decode(bytes)).toHaveLength(pcm.length);
        expect(pcm).toEqual(before);
      }),
    );
  });
});
