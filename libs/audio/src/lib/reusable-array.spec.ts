import { ReusableArray } from './reusable-array';

describe('ReusableArray', () => {
  it('keeps its content when it grows', () => {
    const array = new ReusableArray((length) => new Float32Array(length), 2);
    array.atLeast(2).set([1, 2]);
    expect([...array.atLeast(3).subarray(0, 2)]).toEqual([1, 2]);
  });

  it('returns the same view for the same length until it grows', () => {
    const array = new ReusableArray((length) => new Int16Array(length), 4);
    const view = array.view(3);
    expect(view).toHaveLength(3);
    expect(array.view(3)).toBe(view);
    expect(array.view(2)).toHaveLength(2);
    array.atLeast(5);
    expect(array.view(3)).not.toBe(view);
    expect(array.view(3).buffer).toBe(array.atLeast(0).buffer);
  });
});
