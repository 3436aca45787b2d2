const EMPTY = new Uint8Array(0);

/** Makes whole samples from a byte stream that may be cut anywhere. The odd byte at the end of one chunk is carried over to the next. */
export class SampleAssembler {
  #carried: Uint8Array = EMPTY;

  /** Takes PCM as 16-bit little-endian bytes and returns the samples that are complete so far, possibly none. The bytes are copied. */
  push(bytes: Uint8Array): Int16Array {
    const length = this.#carried.length + bytes.length;
    const whole = length - (length % 2);
    const joined = new Uint8Array(length);
    joined.set(this.#carried);
    joined.set(bytes, this.#carried.length);
    this.#carried = joined.subarray(whole);
    return new Int16Array(joined.buffer, 0, whole / 2);
  }
}
