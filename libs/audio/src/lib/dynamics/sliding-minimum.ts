/** The least of the last `size` values. A value costs a constant number of steps on average; nothing is allocated. */
export class SlidingMinimum {
  /** Candidates, each less than all that came after it; a ring. */
  readonly #values: Float64Array;
  readonly #places: Float64Array;
  #first = 0;
  #count = 0;
  #place = 0;

  constructor(readonly size: number) {
    this.#values = new Float64Array(size);
    this.#places = new Float64Array(size);
  }

  /** Adds a value and returns the least of the last `size`. */
  push(value: number): number {
    if (this.#count > 0 && this.#places[this.#first] <= this.#place - this.size) {
      this.#first = this.#wrap(this.#first + 1);
      this.#count--;
    }
    while (this.#count > 0 && this.#values[this.#wrap(this.#first + this.#count - 1)] >= value) this.#count--;
    const at = this.#wrap(this.#first + this.#count++);
    this.#values[at] = value;
    this.#places[at] = this.#place++;
    return this.#values[this.#first];
  }

  #wrap(index: number): number {
    return index < this.size ? index : index - this.size;
  }
}
