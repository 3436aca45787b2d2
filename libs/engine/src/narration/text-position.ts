import type { TextRefusal } from './narration-event';

/** Control characters other than tab, line feed and carriage return, and halves of surrogate pairs that nothing completes. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Checks the pieces of a text and knows the line and column at which the next one begins. Columns count UTF-16 code units, as editors do. A
 * surrogate pair may be split between two pieces.
 */
export class TextPosition {
  #line = 1;
  #column = 1;
  #length = 0;
  /** The first half of a surrogate pair at the end of the last piece. */
  #half = '';

  constructor(private readonly maxCharacters: number) {}

  /** Characters taken so far. */
  get characters(): number {
    return this.#length;
  }

  /** Takes a piece: returns the text that is complete, or why the piece is refused. A refused piece changes nothing. */
  take(piece: string): { text: string } | { refusal: TextRefusal } {
    if (this.#length + piece.length > this.maxCharacters) {
      return { refusal: this.refuse('text_too_long', `A narration may have at most ${this.maxCharacters} characters.`) };
    }
    const whole = this.#half + piece;
    const half = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? '';
    const text = whole.slice(0, whole.length - half.length);
    const at = text.search(FORBIDDEN);
    if (at >= 0) {
      const { line, column } = this.#after(text.slice(0, at));
      const message = `Line ${line}, column ${column}: this character cannot be spoken (U+${hex(text, at)}).`;
      return { refusal: { code: 'invalid_text', message, line, column } };
    }
    ({ line: this.#line, column: this.#column } = this.#after(text));
    this.#length += piece.length;
    this.#half = half;
    return { text };
  }

  /** Why something is refused at the end of the text so far. */
  refuse(code: TextRefusal['code'], message: string): TextRefusal {
    return { code, message, line: this.#line, column: this.#column };
  }

  #after(text: string): { line: number; column: number } {
    const lines = text.split(/\r\n|\n|\r/);
    const last = lines.at(-1) ?? '';
    return { line: this.#line + lines.length - 1, column: (lines.length === 1 ? this.#column : 1) + last.length };
  }
}

const hex = (text: string, at: number): string => text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
