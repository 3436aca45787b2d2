/** Blocks of code in a reply, as models write them: the marks may also stand behind a list's sign, or behind the words that announce them. */

/** Marks that open a block. */
export interface CodeFence {
  /** Where they begin. */
  start: number;
  /** The marks, and where their line ends; `undefined` as long as more text may show that they only set off a few words. */
  opening: { mark: string; end: number } | undefined;
}

const MARKS = /`{3,}|~{3,}/gu;
/** A line that is longer than this behind its marks opens nothing. */
const OPENING_MAX = 300;

/** The first marks up to `untilIndex` that are not closed on their own line. `isWhole`: no more text comes. */
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

/** What stands behind the marks that close the block on this line, often nothing; `undefined` where it goes on. */
export function behindFence(line: string, mark: string): string | undefined {
  const marks = `[${mark[0] ?? ''}]{${mark.length},}`;
  const first = new RegExp(`^[\\s>]*${marks}\\S*`, 'u').exec(line);
  if (first) return line.slice(first[0].length);
  return new RegExp(`${marks}\\s*$`, 'u').test(line) ? '' : undefined;
}
