/** Code blocks in a reply as models write them: the opening marks may also follow a list marker, or the words that announce the code. */

/** The marks that open a code block. */
export interface CodeFence {
  /** The index at which they begin. */
  start: number;
  /** The marks and the end of their line. Undefined while more text may still show that they only enclose a few words. */
  opening: { mark: string; end: number } | undefined;
}

const MARKS = /`{3,}|~{3,}/gu;
/** When more characters than this follow the marks on a line, they do not open a block. */
const OPENING_MAX = 300;

/** The first opening marks up to `untilIndex` that are not closed on their own line. `isWhole` means that no more text will come. */
export function findFence(text: string, untilIndex: number, isWhole: boolean): CodeFence | undefined {
  let from = 0;
  for (const { 0: mark, index: start } of text.matchAll(MARKS)) {
    if (start > untilIndex) return undefined;
    if (start < from) continue;
    from = start + mark.length;
    const newline = text.indexOf('\n', from);
    const lineEnd = newline < 0 ? text.length : newline;
    const closing = text.slice(from, Math.min(lineEnd, from + OPENING_MAX)).indexOf(mark);
    if (closing >= 0) from += closing + mark.length;
    else if (newline < 0 && !isWhole && lineEnd - from <= OPENING_MAX) return { start, opening: undefined };
    else if (lineEnd - from <= OPENING_MAX) return { start, opening: { mark, end: newline < 0 ? lineEnd : newline + 1 } };
  }
  return undefined;
}

/** The text after the marks that close the block on this line, often empty. Undefined when the block continues. */
export function behindFence(line: string, mark: string): string | undefined {
  const marks = `[${mark[0] ?? ''}]{${mark.length},}`;
  const first = new RegExp(`^[\\s>]*${marks}\\S*`, 'u').exec(line);
  if (first) return line.slice(first[0].length);
  return new RegExp(`${marks}\\s*$`, 'u').test(line) ? '' : undefined;
}
