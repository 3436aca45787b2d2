import { timeText, withoutMarkup, type CharacterTimes, type UnitTime } from '../captions';
import { type SpokenStretch, type SpokenText } from './spoken-text';

/** An alignment as `SpeechChunk` has it. */
export interface OriginalAlignment {
  chars: string[];
  startMs: number[];
  durationMs: number[];
}

/**
 * The times of the characters of the original text, from an alignment of what was spoken. A replaced word shares the time of its
 * pronunciation. Joined, `chars` is the original text; without any time all lists are empty.
 */
export function originalAlignment(spoken: SpokenText, alignment: CharacterTimes): OriginalAlignment {
  const times = timeText(withoutMarkup(spoken.text), alignment);
  if (!times) return { chars: [], startMs: [], durationMs: [] };
  const units = spoken.stretches.flatMap((stretch) => originalUnits(stretch, times));
  const chars = [...spoken.original];
  let at = 0;
  const spans = chars.map((character) => {
    const first = units[at];
    at += character.length;
    return { startMs: first?.startMs ?? 0, endMs: units[at - 1]?.endMs ?? 0 };
  });
  return {
    chars,
    startMs: spans.map(({ startMs }) => startMs),
    durationMs: spans.map(({ startMs, endMs }) => Math.max(0, endMs - startMs)),
  };
}

function originalUnits({ from, to, originalFrom, originalTo, isSame }: SpokenStretch, times: readonly UnitTime[]): UnitTime[] {
  if (isSame) return times.slice(from, to);
  const startMs = times[from]?.startMs ?? 0;
  const step = ((times[to - 1]?.endMs ?? startMs) - startMs) / (originalTo - originalFrom);
  return Array.from({ length: originalTo - originalFrom }, (_, index) => ({
    startMs: startMs + index * step,
    endMs: startMs + (index + 1) * step,
  }));
}
