import { Chunker } from './chunker';
import { pcmToBase64 } from './pcm-base64';
import { SampleAssembler } from './sample-assembler';

describe('pcmToBase64', () => {
  it('encodes little-endian bytes, of a view only its own', () => {
    const pcm = Int16Array.of(0x7fff, 1, -2, 0x7fff).subarray(1, 3);
    expect([...Buffer.from(pcmToBase64(pcm), 'base64')]).toEqual([0x01, 0x00, 0xfe, 0xff]);
  });
});

describe('SampleAssembler', () => {
  it.each([
    ['whole samples', [[1, 0, 2, 0]], [[1, 2]]],
    [
      'an odd byte carried on',
      [
        [1, 0, 2],
        [0, 3, 0],
      ],
      [[1], [2, 3]],
    ],
    ['single bytes', [[1], [0], [2], [0]], [[], [1], [], [2]]],
    ['nothing', [[]], [[]]],
  ])('%s', (_name, chunks, samples) => {
    const assembler = new SampleAssembler();
    expect(chunks.map((chunk) => [...assembler.push(Uint8Array.from(chunk))])).toEqual(samples);
  });

  it('copies: the bytes may be overwritten afterwards', () => {
    const bytes = Uint8Array.of(1, 0);
    const samples = new SampleAssembler().push(bytes);
    bytes.fill(9);
    expect([...samples]).toEqual([1]);
  });
});

describe('Chunker', () => {
  it('cuts any lengths into chunks of one length and flushes the rest once', () => {
    const chunker = new Chunker(4);
    expect(chunker.push(Int16Array.of(1, 2, 3))).toEqual([]);
    expect(chunker.push(Int16Array.of(4, 5, 6, 7, 8, 9))).toEqual([Int16Array.of(1, 2, 3, 4), Int16Array.of(5, 6, 7, 8)]);
    expect(chunker.flush()).toEqual(Int16Array.of(9));
    expect(chunker.flush()).toBeUndefined();
  });

  it('hands out copies', () => {
    const chunker = new Chunker(2);
    const pcm = Int16Array.of(1, 2);
    const [first] = chunker.push(pcm);
    pcm.fill(9);
    chunker.push(Int16Array.of(3, 4));
    expect(first).toEqual(Int16Array.of(1, 2));
  });
});
