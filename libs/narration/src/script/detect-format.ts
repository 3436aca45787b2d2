import { cueLine } from './cue-line';
import { type ScriptFormat } from './script';
import { isBlank, linesOf } from './source-lines';

const HEADING = /^ {0,3}#{1,6}\s+\S/u;

/** Prose has colons too. Where names are not in capitals, at least this part of the lines must begin with one. */
const OTHER_NAMES_MIN = 0.4;

/**
 * What a script is written in. A screenplay has at least two lines that a speaker begins, or begins with one; a Markdown text has a heading
 * or front matter (which ends at `start`). `isKnown` tells the names that have a voice, `isSpeaker` also those that may be one.
 */
export function detectFormat(
  source: string,
  start: number,
  isKnown: (name: string) => boolean,
  isSpeaker: (name: string) => boolean,
): ScriptFormat {
  const lines = linesOf(source, start).filter((line) => !isBlank(line));
  const body = lines.filter(({ text }) => !HEADING.test(text));
  const names = body.map((line) => cueLine(line, isSpeaker)?.speaker);
  const certain = names.map((name) => name !== undefined && (isInCapitals(name) || isKnown(name)));
  if (certain[0] || certain.filter(Boolean).length >= 2) return 'screenplay';
  const cues = names.filter((name) => name !== undefined);
  const isRepeated = new Set(cues).size < cues.length || cues.some((name) => !/\p{Lu}/u.test(name));
  if (cues.length >= 2 && cues.length / body.length >= OTHER_NAMES_MIN && isRepeated) return 'screenplay';
  return start > 0 || body.length < lines.length ? 'markdown' : 'text';
}

const isInCapitals = (name: string): boolean => /\p{Lu}/u.test(name) && !/\p{Ll}/u.test(name);
