/** What is to be done with text as it is written. */
export type TypedStep =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'speaker'; readonly name: string } | { readonly type: 'flush' };

/** A line that may still become the beginning of a speaker's text: capitals only, and no colon yet. */
const MAY_BE_SPEAKER = /^\s*[\p{Lu}\p{N}][\p{Lu}\p{M}\p{N} .'’_&-]{0,39}$/u;
const SPEAKER = /^\s*([\p{Lu}\p{N}][\p{Lu}\p{M}\p{N} .'’_&-]{0,39}?)\s*:(?:\s|$)/u;
const SENTENCE_END = /[.!?…。！？][)"'”’\]]*\s$/u;

/**
 * Finds out what was written at the end of a script and is to be spoken: whole words, without headings, `[tags]` and the names of speakers.
 * Changes elsewhere in the script are not spoken.
 */
export class TypedText {
  /** Up to here the script was spoken, or is not to be. */
  private spokenTo: number;
  private hasSpoken = false;

  /** What stands in `script` already is not spoken, unless `fromStart`. */
  constructor(
    private script: string,
    fromStart = false,
  ) {
    this.spokenTo = fromStart ? 0 : script.length;
  }

  /** The script is this now. Returns what can be spoken of it; the word that is being written waits for its end. */
  change(script: string): TypedStep[] {
    this.spokenTo = spokenPart(this.script, script, this.spokenTo);
    this.script = script;
    const end = Math.max(script.lastIndexOf(' '), script.lastIndexOf('\n')) + 1;
    return this.take(Math.max(this.spokenTo, end), false);
  }

  /** Nothing was written for a moment, or all is written: returns the rest, and that it is to be spoken now. */
  rest(): TypedStep[] {
    const steps = this.take(this.script.length, true);
    return steps.some(({ type }) => type === 'text') && steps.at(-1)?.type !== 'flush' ? [...steps, { type: 'flush' }] : steps;
  }

  private take(end: number, isRest: boolean): TypedStep[] {
    const steps: TypedStep[] = [];
    while (this.spokenTo < end) {
      const lineStart = this.script.lastIndexOf('\n', this.spokenTo - 1) + 1;
      const newline = this.script.indexOf('\n', this.spokenTo);
      const lineEnd = newline < 0 || newline >= end ? end : newline + 1;
      const taken = this.takeLine(lineStart, lineEnd, newline >= 0 && newline < end, isRest, steps);
      if (!taken) break;
    }
    return steps;
  }

  /** Whether the line was taken up to `end`; else it waits for more. */
  private takeLine(start: number, end: number, isWhole: boolean, isRest: boolean, steps: TypedStep[]): boolean {
    const line = this.script.slice(start, end);
    if (/^\s*#/u.test(line)) return this.skipHeading(end, isWhole);
    const speaker = SPEAKER.exec(line);
    const isNewSpeaker = speaker !== null && this.spokenTo < start + speaker[0].length;
    if (isNewSpeaker) {
      steps.push({ type: 'speaker', name: speaker[1]?.trim() ?? '' });
      this.spokenTo = start + speaker[0].length;
    } else if (this.spokenTo === start && !isWhole && !isRest && MAY_BE_SPEAKER.test(line)) return false;
    const said = this.script.slice(this.spokenTo, end);
    const open = said.lastIndexOf('[');
    const isOpen = open >= 0 && !isWhole && !isRest && !said.includes(']', open);
    this.speak(isOpen ? said.slice(0, open) : said, steps);
    this.spokenTo = isOpen ? this.spokenTo + open : end;
    return !isOpen;
  }

  private skipHeading(end: number, isWhole: boolean): boolean {
    if (isWhole) this.spokenTo = end;
    return isWhole;
  }

  private speak(said: string, steps: TypedStep[]): void {
    const text = said.replace(/\[[^\]\n]*\]?/gu, '').replace(/\*\*|__/gu, '');
    // Space before the first word says nothing; space between two words keeps them apart.
    if (text.trim() !== '' || (text !== '' && this.hasSpoken)) steps.push({ type: 'text', text });
    this.hasSpoken ||= text.trim() !== '';
    if (SENTENCE_END.test(text)) steps.push({ type: 'flush' });
  }
}

/** How much of the changed script counts as spoken, where `spokenTo` of the old one was. */
export function spokenPart(before: string, after: string, spokenTo: number): number {
  if (after.startsWith(before.slice(0, spokenTo))) return spokenTo;
  // A change within what was spoken moves its end, if what follows is still there.
  const moved = after.length - (before.length - spokenTo);
  const following = before.slice(spokenTo);
  if (moved >= 0 && following !== '' && after.slice(moved) === following) return moved;
  let common = 0;
  while (common < spokenTo && before[common] === after[common]) common += 1;
  if (following !== '' || after.length <= common) return common;
  // Nothing was waiting: a change within the script is not spoken, one of its end is.
  let tail = 0;
  while (tail < before.length - common && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return tail > 0 ? after.length : common;
}
