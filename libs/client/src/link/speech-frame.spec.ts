import { decodeSpeechFrame } from './speech-frame';

const bytes = (...values: number[]): ArrayBuffer => new Uint8Array(values).buffer;
const header = (overrides: Partial<Record<'version' | 'kind' | 'flags', number>> = {}): number[] => [
  overrides.version ?? 1,
  overrides.kind ?? 1,
  (overrides.flags ?? 0) & 0xff,
  (overrides.flags ?? 0) >> 8,
  ...[7, 0, 0, 0],
  ...[3, 0, 0, 0],
];

describe('decodeSpeechFrame', () => {
  it.each([
    ['samples', bytes(...header(), 1, 2, 3, 4), { turn: 7, seq: 3, last: false, pcm: [1, 2, 3, 4] }],
    ['the last frame', bytes(...header({ flags: 1 }), 9, 8), { turn: 7, seq: 3, last: true, pcm: [9, 8] }],
    ['an empty last frame', bytes(...header({ flags: 1 })), { turn: 7, seq: 3, last: true, pcm: [] }],
    ['unknown flags beside the known one', bytes(...header({ flags: 0xff01 })), { turn: 7, seq: 3, last: true, pcm: [] }],
    ['unknown flags alone', bytes(...header({ flags: 0xfffe }), 0, 0), { turn: 7, seq: 3, last: false, pcm: [0, 0] }],
    [
      'the largest numbers, little-endian',
      bytes(1, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x78, 0x56, 0x34, 0x12),
      { turn: 0xffff_ffff, seq: 0x1234_5678, last: false, pcm: [] },
    ],
  ])('reads %s', (_name, message, expected) => {
    const frame = decodeSpeechFrame(message);
    expect({ ...frame, pcm: [...new Uint8Array(frame?.pcm ?? bytes(255))] }).toEqual(expected);
  });

  it.each([
    ['an empty message', bytes()],
    ['a cut header', bytes(...header().slice(0, 11))],
    ['half a sample', bytes(...header(), 1, 2, 3)],
    ['another version', bytes(...header({ version: 2 }), 0, 0)],
    ['version 0', bytes(...header({ version: 0 }), 0, 0)],
    ['another kind', bytes(...header({ kind: 2 }), 0, 0)],
    ['text sent as binary', bytes(...[...'{"type":"state"}'].map((char) => char.charCodeAt(0)))],
  ])('ignores %s', (_name, message) => {
    expect(decodeSpeechFrame(message)).toBeUndefined();
  });

  it('takes its own copy of the samples, so that they can be transferred to the audio thread', () => {
    const message = bytes(...header(), 1, 2);
    const frame = decodeSpeechFrame(message);
    new Uint8Array(message).fill(0);
    expect(frame && [...new Uint8Array(frame.pcm)]).toEqual([1, 2]);
  });
});
