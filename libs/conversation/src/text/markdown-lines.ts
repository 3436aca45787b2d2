/** What stands before a line: heading, quotation, bullet (some models escape it), box to tick. */
const LINE_START = /^\s*(?:(?:#{1,6}|>|\\?[-*+•])\s+(?:\[[ xX]\]\s+)?)+/u;
const HEADING = /^\s*#{1,6}\s/u;
const HEADING_END = /\s+#+\s*$/u;
/** A line across the page, under a heading, or between a table's head and its rows. */
const RULE = /^[\s|:]*(?:[-=*_]\s*){3,}[\s|:=_*-]*$/u;
const FOOTNOTE = /\[\^\d{1,3}\]/gu;
const HARD_BREAK = /\\\s*$/u;
const PIPE = /(?<!\\)\|/u;

/** Emphasis that goes on beyond the line, or beyond the piece of a reply that it was cut into: its signs have no counterpart here. */
const STRONG = /\*{2,3}|(?<![\p{L}\p{N}_])_{2,3}|_{2,3}(?![\p{L}\p{N}_])/gu;
const OPENED = /^\s*(?:\*{2,3}|_{2,3})(?=[^\s*_])/u;
const CLOSED = /(?<=[^\s*_])(?:\*{2,3}|_{2,3})(?=[\p{P}\s]*$)/u;

/** A line without the signs that make it a heading, an item of a list, a quotation or a row of a table. */
export function withoutLineMarkup(line: string): string {
  if (RULE.test(line)) return '';
  const plain = (HEADING.test(line) ? line.replace(HEADING_END, '') : line).replace(LINE_START, '');
  return withoutHalves(cellsOf(plain)?.join(' ') ?? plain.replace(FOOTNOTE, '').replace(HARD_BREAK, ''));
}

/** The cells of a table's row; undefined where the pipes are none of a table: "|x| + |y|". */
function cellsOf(line: string): string[] | undefined {
  const cells = line.trim().split(PIPE);
  if (cells.length < 3 || cells[0] !== '' || cells.at(-1) !== '') return undefined;
  const inner = cells.slice(1, -1);
  const isPadded = inner.every((cell) => /^\s(?:.*\s)?$/u.test(cell));
  const isTight = inner.length > 1 && inner.every((cell) => cell !== '' && cell === cell.trim());
  return isPadded || isTight ? inner.map((cell) => cell.trim().replaceAll('\\|', '|')) : undefined;
}

function withoutHalves(line: string): string {
  if (line.match(STRONG)?.length !== 1) return line;
  return line.replace(OPENED, '').replace(CLOSED, '');
}
