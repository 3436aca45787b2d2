import fc from 'fast-check';
import { SlidingMinimum } from './sliding-minimum';

describe('SlidingMinimum', () => {
  it('is the least of the last values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 6 }), (values, size) => {
        const minimum = new SlidingMinimum(size);
        const found = values.map((value) => minimum.push(value));
        expect(found).toEqual(values.map((_, i) => Math.min(...values.slice(Math.max(0, i - size + 1), i + 1))));
      }),
    );
  });
});
