import { cueLine } from './cue-line';
import { linesOf } from './source-lines';
import { type SpeakerNames } from './speaker-names';

/** "Anna", "Dr. Anna Lee": up to three words that begin with a capital. */
const TITLE_CASE = /^\p{Lu}[\p{L}\p{M}\p{N}.'’_-]*(?: [\p{Lu}\p{N}][\p{L}\p{M}\p{N}.'’_-]*){0,2}$/u;

/**
 * Which names in lower case begin a line of a speaker: those that have a voice, if any are known. Otherwise names such as "Anna", unless the
 * script writes its names in capitals; then "Note:" is text.
 */
export function speakerRule(source: string, start: number, names: SpeakerNames): (name: string) => boolean {
  if (!names.isEmpty) return (name) => names.isKnown(name);
  const hasCapitals = linesOf(source, start).some((line) => cueLine(line, () => false) !== undefined);
  return hasCapitals ? () => false : (name) => TITLE_CASE.test(name);
}
