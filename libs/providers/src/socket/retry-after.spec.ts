import { retryAfterMs } from './retry-after';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:03 GMT' }, 3_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '150', 'retry-after': '9' }, 150],
    [{ 'retry-after': '99999999' }, 600_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('reads from the headers %j the waiting time %p', (headers: Record<string, string>, expected) => {
    expect(retryAfterMs((name) => headers[name], NOW_MS)).toBe(expected);
  });
});
