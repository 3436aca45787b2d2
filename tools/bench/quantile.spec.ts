import { quantile } from './quantile';

describe('quantile', () => {
  it('sorts the values before it picks one', () => {
    expect(quantile([10, 9, 1, 2], 0.5)).toBe(9);
    expect(quantile([3], 0.95)).toBe(3);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
