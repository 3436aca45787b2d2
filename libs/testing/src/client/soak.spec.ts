import { excessOver, heapSlope } from './soak';

describe('the findings of a soak', () => {
  const held = { heapBytes: 1_000, resources: { Timeout: 2, TCPSocketWrap: 1 }, abortSignals: 3, abortListeners: 0 };

  it('list everything held beyond the base line', () => {
    expect(excessOver(held, held)).toEqual([]);
    expect(excessOver(held, { ...held, heapBytes: 9_000, resources: { Timeout: 1 } })).toEqual([]);
    expect(
      excessOver(held, { ...held, resources: { Timeout: 3, TCPSocketWrap: 1, ProcessWrap: 1 }, abortSignals: 4, abortListeners: 2 }),
    ).toEqual(['Timeout: 3, not 2', 'ProcessWrap: 1, not 0', 'abort listeners: 2, not 0', 'abort signals: 4, not 3']);
  });

  it('include the slope of the heap, whatever its swings', () => {
    const atMinutes = (minutes: number, heapBytes: number) => ({ afterMs: minutes * 60_000, heapBytes });
    expect(heapSlope([atMinutes(1, 500), atMinutes(2, 700), atMinutes(3, 900)])).toBeCloseTo(200);
    expect(heapSlope([atMinutes(1, 500), atMinutes(2, 900), atMinutes(3, 500)])).toBeCloseTo(0);
    expect(heapSlope([atMinutes(1, 500)])).toBe(0);
    expect(heapSlope([])).toBe(0);
  });
});
