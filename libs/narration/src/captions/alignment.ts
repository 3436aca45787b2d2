/** When characters are spoken, in milliseconds. The lists have the same length. An entry of `chars` may hold more than one character. */
export interface CharacterTimes {
  chars: readonly string[];
  startMs: readonly number[];
  durationMs: readonly number[];
}

/** The start and end of one UTF-16 code unit of a text, in milliseconds. */
export interface UnitTime {
  startMs: number;
  endMs: number;
}

/** The times of each code unit of the alignment. What is not a time is left out. */
export function unitTimes({ chars, startMs, durationMs }: CharacterTimes): { text: string; times: UnitTime[] } {
  let text = '';
  const times: UnitTime[] = [];
  for (const [index, entry] of chars.entries()) {
    const start = startMs[index];
    const duration = durationMs[index] ?? 0;
    if (start === undefined || !Number.isFinite(start) || !Number.isFinite(duration)) continue;
    text += entry;
    const step = Math.max(0, duration) / entry.length;
    for (let unit = 0; unit < entry.length; unit += 1) times.push({ startMs: start + unit * step, endMs: start + (unit + 1) * step });
  }
  return { text, times };
}
