/** From `index` of the text on, its characters stand in the source from `offset` on. */
interface OffsetAnchor {
  index: number;
  offset: number;
}

/** A text that was put together from parts of a source, and where each of its characters came from. Offsets are UTF-16 indexes. */
export class MappedText {
  #text = '';
  readonly #anchors: OffsetAnchor[] = [];

  get text(): string {
    return this.#text;
  }

  get anchors(): readonly OffsetAnchor[] {
    return this.#anchors;
  }

  /** Adds text that stands in the source at `offset`, in one line. */
  add(text: string, offset: number): this {
    if (text === '') return this;
    this.#anchors.push({ index: this.#text.length, offset });
    this.#text += text;
    return this;
  }

  /** The offset in the source of the character at `index`. */
  offsetAt(index: number): number {
    let low = 0;
    let high = this.#anchors.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#anchors[middle]?.index ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    const anchor = this.#anchors[Math.max(0, low - 1)];
    return anchor ? anchor.offset + index - anchor.index : 0;
  }

  /** The part without white space at its ends. */
  trimmed(start: number, end: number): MappedText {
    const part = this.#text.slice(start, end);
    const from = start + part.length - part.trimStart().length;
    const to = Math.max(from, start + part.trimEnd().length);
    const result = new MappedText();
    const inside = this.#anchors.filter(({ index }) => index > from && index < to);
    let at = from;
    for (const { index } of [...inside, { index: to }]) {
      result.add(this.#text.slice(at, index), this.offsetAt(at));
      at = index;
    }
    return result;
  }
}
