/** The markup at the start of a line: heading, block quote, bullet (some models escape it) or check box. */
const LINE_START = /^\s*(?:(?:#{1,6}|>|\\?[-*+•])\s+(?:\[[ xX]\]\s+)?)+/u;
const HEADING = /^\s*#{1,6}\s/u;
const HEADING_END = /\s+#+\s*$/u;
/** A horizontal rule, the underline of a heading, or the line between the head and the rows of a table. */
const RULE = /^[\s|:]*(?:[-=*_]\s*){3,}[\s|:=_*-]*$/u;
const FOOTNOTE = /\[\^\d{1,3}\]/gu;
const HARD_BREAK = /\\\s*$/u;
const PIPE = /(?<!\\)\|/u;

/** Emphasis that continues beyond the line, or beyond this piece of the reply, so that its marks have no counterpart here. */
const STRONG = /\*{2,3}|(?<![\p{L}\p{N}_])_{2,3}|_{2,3}(?![\p{L}\p{N}_])/gu;
const OPENED = /^\s*(?:\*{2,3}|_{2,3})(?=[^\s*_])/u;
const CLOSED = /(?<=[^\s*_])(?:\*{2,3}|_{2,3})(?=[\p{P}\s]*$)/u;

/** The line without the markup of a heading, a list item, a block quote or a table row. */
export function withoutLineMarkup(line: string): string {
  if (RULE.test(line)) return '';
  const plain = (HEADING.test(line) ? line.replace(HEADING_END, '') : line).replace(LINE_START, '');
  return withoutHalves(cellsOf(plain)?.join(' ') ?? plain.replace(FOOTNOTE, '').replace(HARD_BREAK, ''));
}

/** The cells of a table row. Undefined when the pipes do not belong to a table, as in "|x| + |y|". */
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
