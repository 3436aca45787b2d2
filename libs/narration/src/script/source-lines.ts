export interface SourceLine {
  text: string;
  offset: number;
}

/** The lines of `source` from `start` on, with their offsets. Lines end with "\n". */
export function linesOf(source: string, start: number): SourceLine[] {
  let offset = start;
  return source
    .slice(start)
    .split('\n')
    .map((text) => {
      const line = { text, offset };
      offset += text.length + 1;
      return line;
    });
}

export const isBlank = (line: SourceLine): boolean => line.text.trim() === '';

/** The line without the white space around it. */
export function trimLine({ text, offset }: SourceLine): SourceLine {
  return { text: text.trim(), offset: offset + text.length - text.trimStart().length };
}
