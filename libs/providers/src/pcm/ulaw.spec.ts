import { decodeUlaw, encodeUlaw } from './ulaw';

describe('µ-law', () => {
  it.each([
    [0xff, 0],
    [0x7f, 0],
    [0x80, 32_124],
    [0x00, -32_124],
    [0xf0, 120],
    [0x70, -120],
  ])('decodes the byte %i to the sample %i', (byte, sample) => {
    expect([...decodeUlaw(Uint8Array.of(byte))]).toEqual([sample]);
  });

  it('restores every byte after decoding and encoding, except the second code for zero', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 0x7f);
    expect(encodeUlaw(decodeUlaw(bytes))).toEqual(bytes);
  });

  it('has an error of less than a sixteenth of the sample, and clips the largest samples', () => {
    const samples = Int16Array.from({ length: 655 }, (_, i) => i * 100 - 32_750);
    const back = decodeUlaw(encodeUlaw(samples));
    samples.forEach((sample, i) => expect(Math.abs(back[i] - sample)).toBeLessThanOrEqual(Math.max(8, Math.abs(sample) / 16)));
    expect([...decodeUlaw(encodeUlaw(Int16Array.of(-32_768, 32_767)))]).toEqual([-32_124, 32_124]);
  });
});
