/** When each step of a turn happened, in the order of the pipeline. */
export const MARKS = [
  'speech_end',
  'turn_end',
  'stt_final',
  'llm_request',
  'llm_first_token',
  'tts_request',
  'tts_first_audio',
  'audio_sent',
  'playback_started',
] as const;

export type Mark = (typeof MARKS)[number];

/** Monotonic clock of each mark that happened (inside the engine), or milliseconds since the user had finished (in a notification). */
export type TurnMarks = Partial<Record<Mark, number>>;

/** Adds a mark unless it is there: the first time counts. */
export const withMark = (marks: TurnMarks, mark: Mark, atMs: number): TurnMarks =>
  marks[mark] === undefined ? { ...marks, [mark]: atMs } : marks;

/**
 * The marks relative to the user's last voiced frame, or to the final transcript where nobody knows when the voice ended. A draft's steps may
 * lie before the turn's end.
 */
export function sinceUserFinished(marks: TurnMarks): TurnMarks {
  const zero = marks.speech_end ?? marks.stt_final;
  if (zero === undefined) return {};
  const relative: TurnMarks = {};
  for (const mark of MARKS) {
    const atMs = marks[mark];
    if (atMs !== undefined) relative[mark] = Math.round((atMs - zero) * 10) / 10;
  }
  return relative;
}
