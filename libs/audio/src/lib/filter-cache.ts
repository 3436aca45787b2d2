import type { PolyphaseFilter } from './windowed-sinc';

/**
 * Caches the filters of recently used ratios: designing one takes up to a tenth of a second, and all streams of a ratio can share it.
 * Holds at most `capacity` of them, so that a client cannot fill the memory with ratios.
 */
export class FilterCache {
  /** The filters by ratio, in the order of their last use. */
  private readonly filters = new Map<string, PolyphaseFilter>();

  constructor(
    private readonly capacity: number,
    private readonly design: (fromStep: number, toStep: number) => PolyphaseFilter,
  ) {}

  /** The filter for rates with this ratio in its lowest terms; nobody may write to it. */
  get(fromStep: number, toStep: number): PolyphaseFilter {
    const key = `${fromStep}/${toStep}`;
    const filter = this.filters.get(key) ?? this.design(fromStep, toStep);
    this.filters.delete(key);
    this.filters.set(key, filter);
    for (const oldest of this.filters.keys()) {
      if (this.filters.size <= this.capacity) break;
      this.filters.delete(oldest);
    }
    return filter;
  }
}
