/** One caption on the screen. */
export interface Cue {
  startMs: number;
  endMs: number;
  /** One or two. */
  lines: string[];
  speaker?: string;
  /** For each line where its words begin and when they are spoken; absent where that is not known. */
  wordTimes?: (readonly WordTime[])[];
}

export interface WordTime {
  /** UTF-16 index in the line. */
  at: number;
  startMs: number;
}

/** The longest line in characters, and the most lines. */
export const CUE_LINE_MAX = 42;
export const CUE_LINES_MAX = 2;
export const CUE_MAX_MS = 7_000;
/** Shorter cues are shown longer if the next one leaves the time. */
export const CUE_MIN_MS = 1_000;
