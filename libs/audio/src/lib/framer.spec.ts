import fc from 'fast-check';
import { Framer } from './framer';

function collect(frameSamples: number): { framer: Framer; frames: number[][] } {
  const frames: number[][] = [];
  return { framer: new Framer({ frameSamples, onFrame: (frame) => frames.push([...frame]) }), frames };
}

describe('Framer', () => {
  it('emits whole frames in order, whatever the block lengths', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 120 })),
        (size, blocks) => {
          const { framer, frames } = collect(size);
          for (const block of blocks) framer.push(Int16Array.from(block));
          const samples = blocks.flat();
          const whole = Math.floor(samples.length / size) * size;
          expect(frames.every((frame) => frame.length === size)).toBe(true);
          expect(frames.flat()).toEqual(samples.slice(0, whole));
          expect(framer.pendingSamples).toBe(samples.length - whole);
        },
      ),
    );
  });

  it('emits the same array each time', () => {
    const seen = new Set<Int16Array>();
    const framer = new Framer({ frameSamples: 2, onFrame: (frame) => seen.add(frame) });
    framer.push(new Int16Array(10));
    expect(seen.size).toBe(1);
  });

  it('drops the partial frame on reset', () => {
    const { framer, frames } = collect(3);
    framer.push(Int16Array.of(1, 2));
    framer.reset();
    for (const sample of [3, 4, 5]) framer.pushSample(sample);
    expect(frames).toEqual([[3, 4, 5]]);
  });

  it.each([0, -1, 2.5])('refuses frames of %d samples', (frameSamples) => {
    expect(() => collect(frameSamples)).toThrow(RangeError);
  });
});
