import fc from 'fast-check';
import { RunningPercentile } from './running-percentile';

describe('RunningPercentile', () => {
  it('returns the same value as sorting the last values does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -100, max: 0, noNaN: true })), { maxLength: 80 }),
        (size, fraction, values) => {
          const percentile = new RunningPercentile(size, fraction);
          values.forEach((value, i) => {
            const last = values.slice(Math.max(0, i + 1 - size), i + 1).sort((a, b) => a - b);
            expect(percentile.push(value)).toBe(last[Math.min(last.length - 1, Math.floor(fraction * last.length))]);
          });
        },
      ),
    );
  });

  it('starts again after a reset', () => {
    const percentile = new RunningPercentile(3, 0);
    percentile.push(-90);
    percentile.reset();
    expect(percentile.push(-20)).toBe(-20);
  });
});
