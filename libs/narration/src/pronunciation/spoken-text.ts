/** A stretch of what is sent to the model, and the stretch of the original that it stands for. Indexes are UTF-16; ends are exclusive. */
export interface SpokenStretch {
  from: number;
  to: number;
  originalFrom: number;
  /** The same as `originalFrom` for markup, which stands for nothing. */
  originalTo: number;
  /** Whether the characters are the same. */
  isSame: boolean;
}

/** A text with pronunciations put in. The stretches cover both texts in order. */
export interface SpokenText {
  text: string;
  original: string;
  stretches: readonly SpokenStretch[];
}

/** Puts a spoken text together. */
export class SpokenTextBuilder {
  readonly #original: string;
  #text = '';
  #at = 0;
  readonly #stretches: SpokenStretch[] = [];

  constructor(original: string) {
    this.#original = original;
  }

  /** Takes the original up to here as it is. */
  keepUpTo(index: number): void {
    this.#add(this.#original.slice(this.#at, index), index, true);
  }

  /** Speaks `spoken` for the original up to here. */
  replaceUpTo(index: number, spoken: string): void {
    this.#add(spoken, index, false);
  }

  markup(tag: string): void {
    this.#add(tag, this.#at, false);
  }

  result(): SpokenText {
    this.keepUpTo(this.#original.length);
    return { text: this.#text, original: this.#original, stretches: this.#stretches };
  }

  #add(text: string, originalTo: number, isSame: boolean): void {
    if (text === '' && originalTo === this.#at) return;
    const from = this.#text.length;
    this.#stretches.push({ from, to: from + text.length, originalFrom: this.#at, originalTo, isSame });
    this.#text += text;
    this.#at = originalTo;
  }
}
