import type { ElevenLabsFault } from '../faults/fault';
import type { SpokenCharacter } from './spoken-characters';

/** When the characters of an answer or chunk are spoken. HTTP uses seconds and end times, where the sockets use milliseconds and durations. */
export interface HttpAlignment {
  characters: string[];
  character_start_times_seconds: number[];
  character_end_times_seconds: number[];
}

/** The alignment; null when there are no characters. `before`: the characters of the chunk before, which a fault repeats. */
export function httpAlignment(
  characters: readonly SpokenCharacter[],
  fault: ElevenLabsFault['kind'] | undefined,
  before: readonly SpokenCharacter[] = [],
): HttpAlignment | null {
  if (characters.length === 0 || fault === 'missing-alignment') return null;
  const all = fault === 'overlapping-alignment' ? [...before.slice(-characters.length), ...characters] : characters;
  const starts = all.map(({ startMs }) => Math.round(startMs) / 1000);
  return {
    characters: all.map(({ char }) => char),
    character_start_times_seconds: fault === 'unordered-alignment' ? starts.reverse() : starts,
    character_end_times_seconds: all.map(({ endMs }) => Math.round(endMs) / 1000),
  };
}
