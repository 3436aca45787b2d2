import { Chunker } from './chunker';
import { pcmToBase64 } from './pcm-base64';
import { PcmLog } from './pcm-log';
import { SampleAssembler } from './sample-assembler';

describe('pcmToBase64', () => {
  it('encodes little-endian bytes, and only those of the view it is given', () => {
    const pcm = Int16Array.of(0x7fff, 1, -2, 0x7fff).subarray(1, 3);
    expect([...Buffer.from(pcmToBase64(pcm), 'base64')]).toEqual([0x01, 0x00, 0xfe, 0xff]);
  });
});

describe('SampleAssembler', () => {
  it.each([
    ['whole samples', [[1, 0, 2, 0]], [[1, 2]]],
    [
      'an odd byte at the end of a chunk',
      [
        [1, 0, 2],
        [0, 3, 0],
      ],
      [[1], [2, 3]],
    ],
    ['single bytes', [[1], [0], [2], [0]], [[], [1], [], [2]]],
    ['an empty chunk', [[]], [[]]],
  ])('assembles samples from %s', (_name, chunks, samples) => {
    const assembler = new SampleAssembler();
    expect(chunks.map((chunk) => [...assembler.push(Uint8Array.from(chunk))])).toEqual(samples);
  });

  it('copies its input, so that the bytes may be overwritten afterwards', () => {
    const bytes = Uint8Array.of(1, 0);
    const samples = new SampleAssembler().push(bytes);
    bytes.fill(9);
    expect([...samples]).toEqual([1]);
  });
});

describe('Chunker', () => {
  it('cuts audio of any length into chunks of equal length and returns the rest once when flushed', () => {
    const chunker = new Chunker(4);
    expect(chunker.push(Int16Array.of(1, 2, 3))).toEqual([]);
    expect(chunker.push(Int16Array.of(4, 5, 6, 7, 8, 9))).toEqual([Int16Array.of(1, 2, 3, 4), Int16Array.of(5, 6, 7, 8)]);
    expect(chunker.flush()).toEqual(Int16Array.of(9));
    expect(chunker.flush()).toBeUndefined();
  });

  it('returns copies of its input', () => {
    const chunker = new Chunker(2);
    const pcm = Int16Array.of(1, 2);
    const [first] = chunker.push(pcm);
    pcm.fill(9);
    chunker.push(Int16Array.of(3, 4));
    expect(first).toEqual(Int16Array.of(1, 2));
  });
});

describe('PcmLog', () => {
  const all = (log: PcmLog): number[] => [...log.pieces(1_000)].flatMap((piece) => [...piece]);

  it.each([[1], [160], [7_999], [8_000], [8_001], [40_000]])(
    'keeps all audio in order when it arrives in pieces of %i samples',
    (samples) => {
      const whole = Int16Array.from({ length: 40_001 }, (_, index) => index);
      const log = new PcmLog();
      for (let from = 0; from < whole.length; from += samples) log.push(whole.subarray(from, from + samples));
      expect(all(log)).toEqual([...whole]);
    },
  );

  it('returns the audio in pieces that are no longer than requested', () => {
    const log = new PcmLog();
    log.push(Int16Array.of(1, 2, 3, 4, 5));
    expect([...log.pieces(2)].map((piece) => [...piece])).toEqual([[1, 2], [3, 4], [5]]);
    expect([...new PcmLog().pieces(2)]).toEqual([]);
  });

  it('copies its input, so that the samples may be overwritten afterwards', () => {
    const frame = Int16Array.of(1, 2);
    const log = new PcmLog();
    log.push(frame);
    frame.fill(9);
    expect(all(log)).toEqual([1, 2]);
  });

  it('is empty after it is cleared and can be filled again', () => {
    const log = new PcmLog();
    log.push(Int16Array.of(1, 2));
    log.clear();
    expect(all(log)).toEqual([]);
    log.push(Int16Array.of(3));
    expect(all(log)).toEqual([3]);
  });
});
