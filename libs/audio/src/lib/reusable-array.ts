/** What `ReusableArray` needs of a typed array. */
interface SampleArray<T> {
  readonly length: number;
  subarray(begin: number, end: number): T;
  set(source: T): void;
}

/**
 * A typed array that grows when it must and hands out views of its beginning. Views are kept per length, so that code that asks for the
 * same few lengths again and again (an audio thread) allocates nothing once it has settled.
 */
export class ReusableArray<T extends SampleArray<T>> {
  private array: T;
  private views: (T | undefined)[] = [];

  constructor(
    private readonly create: (length: number) => T,
    initialLength: number,
  ) {
    this.array = create(initialLength);
  }

  /** The whole array, at least `length` long; what it held is kept. Valid until a longer one is asked for. */
  atLeast(length: number): T {
    if (length > this.array.length) {
      const grown = this.create(Math.max(length, 2 * this.array.length));
      grown.set(this.array);
      this.array = grown;
      this.views = [];
    }
    return this.array;
  }

  /** Its first `length` elements, no more than `atLeast` last promised. */
  view(length: number): T {
    return (this.views[length] ??= this.array.subarray(0, length));
  }
}
