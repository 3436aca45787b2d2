/** When each character of a text is spoken, in milliseconds from the beginning of its audio. */
export interface CharacterTimes {
  readonly chars: readonly string[];
  readonly startMs: readonly number[];
  readonly durationMs: readonly number[];
}

/** When the last character that is not white space ends; undefined where there is none. */
export function lastCharacterEndMs({ chars, startMs, durationMs }: CharacterTimes): number | undefined {
  const last = chars.findLastIndex((char) => char.trim() !== '');
  return last < 0 ? undefined : startMs[last] + durationMs[last];
}

/** The times after `cutMs` were taken away at the beginning, and all beyond `lengthMs` at the end. */
export function cutTimes({ chars, startMs, durationMs }: CharacterTimes, cutMs: number, lengthMs: number): CharacterTimes {
  const within = (ms: number): number => Math.min(lengthMs, Math.max(0, ms - cutMs));
  const starts = startMs.map(within);
  return { chars, startMs: starts, durationMs: durationMs.map((duration, i) => within(startMs[i] + duration) - starts[i]) };
}
