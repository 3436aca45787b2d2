import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from './g711';

const SAMPLES = Int16Array.from([0, 1, -1, 100, -100, 1000, -1000, 8000, -8000, 32_000, -32_000, 32_767, -32_768]);

describe('G.711', () => {
  it.each([
    ['mu-law', encodeUlaw, decodeUlaw],
    ['A-law', encodeAlaw, decodeAlaw],
  ] as const)('%s keeps samples within its step', (_name, encode, decode) => {
    const decoded = decode(encode(SAMPLES));
    for (const [i, sample] of SAMPLES.entries()) {
      expect(Math.abs((decoded[i] ?? NaN) - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
    }
  });

  it('encodes silence and full scale as the standard says', () => {
    expect([...encodeUlaw(Int16Array.from([0, 32_767, -32_768]))]).toEqual([0xff, 0x80, 0x00]);
    expect([...encodeAlaw(Int16Array.from([0, 32_767, -32_768]))]).toEqual([0xd5, 0xaa, 0x2a]);
  });

  it('gives every byte back after decoding and encoding', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect([...encodeAlaw(decodeAlaw(bytes))]).toEqual([...bytes]);
    // Mu-law has two zeros: 0x7f comes back as 0xff.
    expect([...encodeUlaw(decodeUlaw(bytes))]).toEqual([...bytes].map((byte) => (byte === 0x7f ? 0xff : byte)));
  });
});
