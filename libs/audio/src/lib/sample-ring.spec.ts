import fc from 'fast-check';
import { SampleRing } from './sample-ring';

describe('SampleRing', () => {
  it('behaves as a queue of fixed size', () => {
    const operation = fc.record({ kind: fc.constantFrom('push', 'shift', 'dropOldest', 'dropNewest'), count: fc.nat(12) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(operation, { maxLength: 60 }), (capacity, operations) => {
        const ring = new SampleRing(capacity);
        let model: number[] = [];
        let next = 0;
        for (const { kind, count } of operations) {
          const some = Math.min(count, model.length);
          if (kind === 'push') {
            const samples = Array.from({ length: count }, () => next++);
            const taken = Math.min(count, capacity - model.length);
            expect(ring.push(Float32Array.from(samples))).toBe(taken);
            model.push(...samples.slice(0, taken));
          } else if (kind === 'shift') {
            for (let i = 0; i < some; i++) expect(ring.shift()).toBe(model.shift());
          } else if (kind === 'dropOldest') {
            ring.dropOldest(some);
            model = model.slice(some);
          } else {
            ring.dropNewest(some);
            model = model.slice(0, model.length - some);
          }
          expect(ring.length).toBe(model.length);
        }
        const rest = model.map(() => ring.shift());
        expect(rest).toEqual(model);
      }),
    );
  });
});
