const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const INITIAL_BYTES = 1_024;
const NOTHING = new Uint8Array(0);

/**
 * Makes whole lines from bytes that may be cut anywhere. The held bytes are kept in one buffer that grows, so that a line of many small
 * chunks costs no more than its length.
 */
export class LineAssembler {
  #held = NOTHING;
  #length = 0;

  /** Number of bytes of the line that has not ended yet. */
  get heldBytes(): number {
    return this.#length;
  }

  /** Returns all bytes up to the last line end, possibly none. */
  push(bytes: Uint8Array): Uint8Array {
    const end = Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(CARRIAGE_RETURN)) + 1;
    if (end === 0) {
      this.#hold(bytes);
      return NOTHING;
    }
    if (this.#length === 0 && end === bytes.length) return bytes;
    this.#hold(bytes.subarray(0, end));
    const lines = this.rest();
    this.#hold(bytes.subarray(end));
    return lines;
  }

  /** Returns the held bytes and no longer holds them. */
  rest(): Uint8Array {
    const rest = this.#held.slice(0, this.#length);
    this.#length = 0;
    return rest;
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#held.length, INITIAL_BYTES));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#length);
    this.#length = length;
  }
}
