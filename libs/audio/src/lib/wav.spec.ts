import fc from 'fast-check';
import { encodeWav, parseWav } from './wav';

function bytesOf(...parts: (string | number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((letter) => letter.charCodeAt(0)) : part)));
}
const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];

interface Shape {
  encoding?: number;
  channels?: number;
  bits?: number;
  sampleRateHz?: number;
  formatTail?: number[];
  before?: (string | number[])[];
  dataBytes?: number;
  data?: number[];
}

function wav({
  encoding = 1,
  channels = 1,
  bits = 16,
  sampleRateHz = 8000,
  formatTail = [],
  before = [],
  dataBytes,
  data = [],
}: Shape): Uint8Array {
  const format = [...u16(encoding), ...u16(channels), ...u32(sampleRateHz), ...u32(0), ...u16(0), ...u16(bits), ...formatTail];
  return bytesOf('RIFF', u32(0), 'WAVE', 'fmt ', u32(format.length), format, ...before, 'data', u32(dataBytes ?? data.length), data);
}

describe('wav', () => {
  it('reads what it wrote, at any rate', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32768, max: 32767 })),
        fc.constantFrom(8000, 16_000, 24_000, 44_100, 192_000),
        (samples, sampleRateHz) => {
          const pcm = Int16Array.from(samples);
          expect(parseWav(encodeWav(pcm, sampleRateHz))).toEqual({ ok: true, pcm, sampleRateHz });
        },
      ),
    );
  });

  it('writes the standard 44-byte header', () => {
    const bytes = encodeWav(Int16Array.of(1, -1), 16_000);
    const expected = bytesOf(
      ...['RIFF', u32(40), 'WAVEfmt ', u32(16), u16(1), u16(1), u32(16_000), u32(32_000), u16(2), u16(16), 'data', u32(4)],
      ...[u16(1), [0xff, 0xff]],
    );
    expect(bytes).toEqual(expected);
  });

  it('reads from bytes that do not begin at the start of their buffer', () => {
    const file = encodeWav(Int16Array.of(5, 6), 16_000);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(parseWav(shifted.subarray(3))).toMatchObject({ ok: true, pcm: Int16Array.of(5, 6) });
  });

  it('mixes stereo down', () => {
    const result = parseWav(wav({ channels: 2, data: [...u16(100), ...u16(300), ...u16(0x8000), ...u16(0x8000)] }));
    expect(result).toEqual({ ok: true, pcm: Int16Array.of(200, -32768), sampleRateHz: 8000 });
  });

  it('skips other chunks, including those of odd length', () => {
    const result = parseWav(wav({ before: ['LIST', u32(3), [1, 2, 3, 0], 'fact', u32(4), u32(9)], data: u16(7) }));
    expect(result).toMatchObject({ ok: true, pcm: Int16Array.of(7) });
  });

  it('reads the available samples when the data chunk claims more', () => {
    expect(parseWav(wav({ dataBytes: 0xffffffff, data: [...u16(7), ...u16(8), 1] }))).toMatchObject({ ok: true, pcm: Int16Array.of(7, 8) });
  });

  it('reads the extensible form of PCM', () => {
    const formatTail = [...u16(22), ...u16(16), ...u32(4), ...u16(1), ...Array<number>(14).fill(0)];
    expect(parseWav(wav({ encoding: 0xfffe, formatTail, data: u16(7) }))).toMatchObject({ ok: true, pcm: Int16Array.of(7) });
  });

  it.each([
    ['nothing', new Uint8Array(0), 'not_wav'],
    ['something else', bytesOf('OggS', u32(0), 'WAVE'), 'not_wav'],
    ['a header alone', bytesOf('RIFF', u32(4), 'WAVE'), 'not_wav'],
    ['audio before its format', bytesOf('RIFF', u32(4), 'WAVE', 'data', u32(2), u16(1)), 'not_wav'],
    ['a rate of 0', wav({ sampleRateHz: 0 }), 'not_wav'],
    ['float samples', wav({ encoding: 3, bits: 32 }), 'unsupported_encoding'],
    ['24-bit samples', wav({ bits: 24 }), 'unsupported_encoding'],
    ['six channels', wav({ channels: 6 }), 'unsupported_channels'],
    ['a format without audio', wav({}).subarray(0, 36), 'no_audio'],
  ])('answers %s with an error', (_, bytes, error) => {
    expect(parseWav(bytes)).toEqual({ ok: false, error });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(80), (noise, at) => {
        const bytes = wav({ data: u16(7) });
        bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
        expect(typeof parseWav(bytes).ok).toBe('boolean');
      }),
    );
  });
});
