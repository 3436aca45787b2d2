/**
 * Finds the parts of a parsed text in its source again. The parser takes out quotation marks, list marks and indentation, so parts are looked
 * for line by line, each behind the one before.
 */
export class SourceCursor {
  readonly #source: string;
  #at: number;

  constructor(source: string, start: number) {
    this.#source = source;
    this.#at = start;
  }

  get offset(): number {
    return this.#at;
  }

  /** Goes to the next place of the first line of `raw`, and returns it. */
  enter(raw: string): number {
    return (this.#at = this.#find(raw.split('\n', 1)[0] ?? '') ?? this.#at);
  }

  /** Goes behind `raw`, which begins at `start`. */
  leave(raw: string, start: number): void {
    this.#at = start;
    for (const line of raw.split('\n')) this.line(line);
  }

  /** Goes behind the next place of a line's text, and returns where it begins. */
  line(text: string): number {
    const place = this.#find(text);
    if (place === undefined) return this.#at;
    this.#at = place + text.length;
    return place;
  }

  #find(text: string): number | undefined {
    const place = this.#source.indexOf(text, this.#at);
    return place < 0 ? undefined : place;
  }
}
