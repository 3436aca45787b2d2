import type { ElevenLabsFault } from '../faults/fault';
import type { SpokenFrame } from './spoken-frames';

/** When the characters of a frame are spoken, as the vendor writes it. */
export interface Alignment {
  chars: string[];
  charStartTimesMs: number[];
  charDurationsMs: number[];
}

/** Times relative to the frame, in whole milliseconds; null for a frame in which no character begins. `before`: that of the frame before. */
export function alignmentOf(
  { characters }: SpokenFrame,
  fault: ElevenLabsFault['kind'] | undefined,
  before: Alignment | null,
): Alignment | null {
  if (characters.length === 0) return null;
  const alignment = {
    chars: characters.map(({ char }) => char),
    charStartTimesMs: characters.map(({ startMs }) => Math.round(startMs)),
    charDurationsMs: characters.map(({ startMs, endMs }) => Math.round(endMs) - Math.round(startMs)),
  };
  if (fault === 'unordered-alignment') alignment.charStartTimesMs.reverse();
  return fault === 'overlapping-alignment' && before ? repeating(before, alignment) : alignment;
}

/** What was said already is said to take no time at all. */
function repeating(before: Alignment, { chars, charStartTimesMs, charDurationsMs }: Alignment): Alignment {
  const again = before.chars.slice(-chars.length);
  const none = again.map(() => 0);
  return { chars: [...again, ...chars], charStartTimesMs: [...none, ...charStartTimesMs], charDurationsMs: [...none, ...charDurationsMs] };
}
