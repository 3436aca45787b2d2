import fc from 'fast-check';
import { AudioHistory } from './audio-history';

const SEED = 20_261_120;
/** One sample per millisecond keeps the arithmetic simple. */
const RATE_HZ = 1_000;

describe('AudioHistory', () => {
  it('keeps the same samples as a plain array of the latest samples would', () => {
    const pushes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25 }),
        pushes,
        fc.array(fc.integer({ min: -5, max: 300 }), { minLength: 1 }),
        (capacityMs, lengths, times) => {
          const history = new AudioHistory(RATE_HZ, capacityMs);
          const all: number[] = [];
          for (const length of lengths) {
            const pcm = Int16Array.from({ length }, (_sample, index) => all.length + index);
            all.push(...pcm);
            history.push(pcm);
            pcm.fill(-1);
          }
          expect(history.audioMs).toBe(all.length);
          for (const fromMs of times) {
            const kept = all.slice(Math.max(0, all.length - capacityMs));
            const wanted = Math.max(0, all.length - Math.max(0, fromMs));
            expect([...history.since(fromMs)]).toEqual(wanted === 0 ? [] : kept.slice(-wanted));
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('keeps held audio until it is too old, and then shrinks to its usual length', () => {
    const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
    fc.assert(
      fc.property(
        fc.array(fc.record({ length: fc.integer({ min: 1, max: 12 }), hold: fc.boolean() }), { minLength: 1, maxLength: 40 }),
        (steps) => {
          const history = new AudioHistory(RATE_HZ, 10, 30);
          let total = 0;
          let heldFrom: number | undefined;
          for (const { length, hold } of steps) {
            if (hold) {
              heldFrom = Math.max(0, total - 4);
              history.hold(heldFrom);
            }
            history.push(Int16Array.from(numbers(total, total + length)));
            total += length;
            if (heldFrom !== undefined && total - heldFrom > 30) heldFrom = undefined;
            const from = heldFrom ?? Math.max(0, total - 10);
            expect([...history.since(from)]).toEqual(numbers(from, total));
            if (heldFrom === undefined) expect(history.since(0).length).toBeLessThanOrEqual(10);
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('measures time by its sample rate', () => {
    const history = new AudioHistory(16_000, 3_000);
    history.push(new Int16Array(320));
    expect(history.audioMs).toBe(20);
    history.push(new Int16Array(8));
    expect(history.audioMs).toBe(20.5);
    expect(history.since(10)).toHaveLength(168);
  });

  it('returns copies', () => {
    const history = new AudioHistory(RATE_HZ, 10);
    history.push(Int16Array.of(1, 2, 3));
    history.since(0).fill(9);
    expect([...history.since(0)]).toEqual([1, 2, 3]);
  });
});
