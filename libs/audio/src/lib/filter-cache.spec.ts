import { FilterCache } from './filter-cache';
import type { PolyphaseFilter } from './windowed-sinc';

describe('FilterCache', () => {
  let designed: string[];
  let cache: FilterCache;
  beforeEach(() => {
    designed = [];
    cache = new FilterCache(3, (fromStep, toStep): PolyphaseFilter => {
      designed.push(`${fromStep}/${toStep}`);
      return { taps: fromStep, phases: toStep, coefficients: new Float32Array(0) };
    });
  });

  it('designs one filter per ratio, however often it is asked for', () => {
    const filter = cache.get(3, 1);
    expect(filter).toMatchObject({ taps: 3, phases: 1 });
    for (let asked = 0; asked < 500; asked++) {
      expect(cache.get(3, 1)).toBe(filter);
      cache.get(441, 160);
    }
    expect(designed).toEqual(['3/1', '441/160']);
  });

  it('distinguishes a ratio from its inverse', () => {
    expect(cache.get(3, 2)).not.toBe(cache.get(2, 3));
  });

  it('drops the least recently used filter when it is full', () => {
    const [kept] = [cache.get(1, 1), cache.get(2, 1), cache.get(3, 1)];
    cache.get(1, 1);
    cache.get(4, 1);
    expect(cache.get(1, 1)).toBe(kept);
    cache.get(2, 1);
    expect(designed).toEqual(['1/1', '2/1', '3/1', '4/1', '2/1']);
  });
});
