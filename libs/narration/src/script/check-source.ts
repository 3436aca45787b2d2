import { type ProblemList } from './problem-list';
import { linesOf } from './source-lines';

/** Control characters except tab and line ends, halves of surrogate pairs, and code points that are no characters. */
const NOT_TEXT = /(?!\t)\p{Cc}|\p{Cs}|[\ufffe\uffff]/u;

/** Checks the source before it is parsed: its length, and that it holds text only (the first wrong character of each line is reported). */
export function checkSource(source: string, maxCharacters: number, problems: ProblemList): void {
  if (source.length > maxCharacters) {
    problems.add(
      maxCharacters,
      `The script has ${group(source.length)} characters; at most ${group(maxCharacters)} are allowed. It is too long from here on.`,
    );
  }
  for (const { text, offset } of linesOf(source, 0)) {
    const match = NOT_TEXT.exec(text);
    if (!match) continue;
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    problems.add(offset + match.index, `The control character U+${code} cannot be spoken. Remove it.`);
  }
}

const group = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/gu, ' ');
