const EMPTY = new Uint8Array(0);

/** Makes whole samples of a byte stream that is cut anywhere: the odd byte of one chunk is carried into the next. */
export class SampleAssembler {
  #carried: Uint8Array = EMPTY;

  /** PCM s16le in, the samples that are complete by now out (possibly none). The bytes are copied. */
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
