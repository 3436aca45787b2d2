/** How many characters are collected before each generation: one entry per chunk; the last one also counts for all later chunks. */
export type ChunkSchedule = readonly number[];

/** What a listener can choose. Short chunks begin early, long chunks sound better. */
export type LatencyPreset = 'speed' | 'balanced' | 'quality';

/** What a passage of text is, as far as its cuts are concerned. */
export type PassageKind = 'dialogue' | 'narration' | 'balanced';

export const CHUNK_SCHEDULES = {
  speed: [50, 75, 100, 150],
  balanced: [120, 160, 250, 290],
  quality: [250, 350, 450, 500],
} as const satisfies Record<LatencyPreset, ChunkSchedule>;

/** The schedules that `auto` chooses from. */
export const PASSAGE_SCHEDULES = {
  dialogue: [80, 120, 160, 200],
  narration: [200, 280, 350, 400],
  balanced: CHUNK_SCHEDULES.balanced,
} as const satisfies Record<PassageKind, ChunkSchedule>;

/** ElevenLabs refuses entries outside of these. */
export const SCHEDULE_ENTRY_MIN = 50;
export const SCHEDULE_ENTRY_MAX = 500;
export const SCHEDULE_LENGTH_MAX = 10;

/** Why a list is no chunk schedule, naming the entry (counted from 1); undefined if it is one. */
export function checkSchedule(list: unknown): string | undefined {
  if (!Array.isArray(list)) return 'A chunk schedule is a list of numbers of characters.';
  if (list.length < 1 || list.length > SCHEDULE_LENGTH_MAX) {
    return `A chunk schedule has 1 to ${SCHEDULE_LENGTH_MAX} entries; this one has ${list.length}.`;
  }
  for (const [index, entry] of list.entries()) {
    if (!Number.isInteger(entry) || entry < SCHEDULE_ENTRY_MIN || entry > SCHEDULE_ENTRY_MAX) {
      const value = typeof entry === 'number' ? String(entry) : (JSON.stringify(entry) ?? String(entry));
      return `Entry ${index + 1} of the chunk schedule is ${value}; it must be a whole number from ${SCHEDULE_ENTRY_MIN} to ${SCHEDULE_ENTRY_MAX}.`;
    }
  }
  return undefined;
}

/** The entry for the chunk with this number, from 0. */
export const scheduleEntry = (schedule: ChunkSchedule, chunk: number): number =>
  schedule[Math.min(chunk, schedule.length - 1)] ?? SCHEDULE_ENTRY_MIN;
