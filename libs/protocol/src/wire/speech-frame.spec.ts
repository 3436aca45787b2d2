import fc from 'fast-check';
import { decodeSpeechFrame, encodeSpeechFrame } from './speech-frame';

const GOLDEN = Uint8Array.of(1, 1, 1, 0, 0x04, 0x03, 0x02, 0x01, 0xfe, 0xff, 0xff, 0xff, 0x01, 0x80, 0xff, 0x7f);
const GOLDEN_FRAME = { turn: 0x01020304, seq: 0xfffffffe, last: true, pcm: Uint8Array.of(0x01, 0x80, 0xff, 0x7f) };

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const pcm = fc.uint8Array({ maxLength: 400 }).map((bytes) => bytes.subarray(0, bytes.length & ~1));
const frame = fc.record({ turn: u32, seq: u32, last: fc.boolean(), pcm });

describe('encodeSpeechFrame', () => {
  it('writes the bytes of the protocol page', () => {
    expect(encodeSpeechFrame(GOLDEN_FRAME)).toEqual(GOLDEN);
  });

  it('writes a last frame without audio as a bare header', () => {
    expect(encodeSpeechFrame({ turn: 1, seq: 0, last: true, pcm: new Uint8Array(0) })).toEqual(
      Uint8Array.of(1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0),
    );
  });

  it('copies the audio, so that the sender may reuse its buffer', () => {
    const source = Uint8Array.of(1, 2);
    const bytes = encodeSpeechFrame({ turn: 1, seq: 0, last: false, pcm: source });
    source.fill(0);
    expect([...bytes.subarray(12)]).toEqual([1, 2]);
  });

  it.each([
    ['a negative turn', { turn: -1 }],
    ['a turn past 32 bits', { turn: 2 ** 32 }],
    ['a broken turn', { turn: 1.5 }],
    ['a turn that is no number', { turn: NaN }],
    ['a negative seq', { seq: -1 }],
    ['a seq past 32 bits', { seq: 2 ** 32 }],
    ['half a sample', { pcm: new Uint8Array(3) }],
  ])('refuses %s', (_, change) => {
    expect(() => encodeSpeechFrame({ ...GOLDEN_FRAME, ...change })).toThrow(RangeError);
  });
});

describe('decodeSpeechFrame', () => {
  it('reads the bytes of the protocol page', () => {
    expect(decodeSpeechFrame(GOLDEN)).toEqual(GOLDEN_FRAME);
  });

  it('reads a view at any offset of its buffer and gives a view of it, not a copy', () => {
    for (const offset of [1, 2, 3, 7]) {
      const buffer = new Uint8Array(offset + GOLDEN.length + 5).fill(0xaa);
      buffer.set(GOLDEN, offset);
      const decoded = decodeSpeechFrame(buffer.subarray(offset, offset + GOLDEN.length));
      expect(decoded).toEqual(GOLDEN_FRAME);
      expect(decoded?.pcm.buffer).toBe(buffer.buffer);
    }
  });

  it('ignores flags it does not know', () => {
    const bytes = GOLDEN.slice();
    bytes[2] = 0xfe;
    bytes[3] = 0xff;
    expect(decodeSpeechFrame(bytes)).toEqual({ ...GOLDEN_FRAME, last: false });
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['less than a header', GOLDEN.slice(0, 11)],
    ['an even number of bytes that is less than a header', GOLDEN.slice(0, 10)],
    ['half a sample', GOLDEN.slice(0, 15)],
    ['version 0', Uint8Array.of(0, ...GOLDEN.slice(1))],
    ['version 2', Uint8Array.of(2, ...GOLDEN.slice(1))],
    ['kind 0', Uint8Array.of(1, 0, ...GOLDEN.slice(2))],
    ['kind 2', Uint8Array.of(1, 2, ...GOLDEN.slice(2))],
    ['bare PCM', new Uint8Array(640)],
  ])('gives nothing for %s', (_, bytes) => {
    expect(decodeSpeechFrame(bytes)).toBeUndefined();
  });

  it('gives back every frame that was encoded', () => {
    fc.assert(fc.property(frame, (sent) => expect(decodeSpeechFrame(encodeSpeechFrame(sent))).toEqual(sent)));
  });

  it('reads any bytes as exactly the frame they encode, or as nothing', () => {
    const nearlyFrames = fc.uint8Array({ maxLength: 40 }).map((tail) => Uint8Array.of(1, 1, tail.length & 1, 0, ...tail));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), nearlyFrames), (bytes) => {
        const decoded = decodeSpeechFrame(bytes);
        if (decoded === undefined) {
          expect(bytes.length < 12 || bytes.length % 2 === 1 || bytes[0] !== 1 || bytes[1] !== 1).toBe(true);
        } else {
          const known = bytes.slice();
          known[2] &= 1;
          known[3] = 0;
          expect(encodeSpeechFrame(decoded)).toEqual(known);
        }
      }),
    );
  });
});
