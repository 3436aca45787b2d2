import { cueLine } from './cue-line';
import { type ScriptFormat } from './script';
import { isBlank, linesOf } from './source-lines';

const HEADING = /^ {0,3}#{1,6}\s+\S/u;

/** Scripts without capitals (Hindi, Chinese) have colons in prose too. There, at least this part of the lines must begin with a name. */
const NAMES_WITHOUT_CAPITALS = 0.4;

/**
 * What a script is written in. A screenplay has at least two lines that a speaker begins, or begins with one; a Markdown text has a heading
 * or front matter (which ends at `start`).
 */
export function detectFormat(source: string, start: number, isSpeaker: (name: string) => boolean): ScriptFormat {
  const lines = linesOf(source, start).filter((line) => !isBlank(line));
  const body = lines.filter(({ text }) => !HEADING.test(text));
  const names = body.map((line) => cueLine(line, isSpeaker)?.speaker);
  const cues = names.filter((name) => name !== undefined);
  const certain = names.map((name) => name !== undefined && (/\p{Lu}/u.test(name) || isSpeaker(name)));
  if (certain[0] || certain.filter(Boolean).length >= 2) return 'screenplay';
  if (cues.length >= 2 && cues.length / body.length >= NAMES_WITHOUT_CAPITALS) return 'screenplay';
  return start > 0 || body.length < lines.length ? 'markdown' : 'text';
}
