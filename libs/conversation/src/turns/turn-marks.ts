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

/**
 * The time of each mark that happened: on the monotonic clock inside the engine, or in milliseconds after the end of the user’s speech in
 * a message.
 */
export type TurnMarks = Partial<Record<Mark, number>>;

/** Adds a mark unless it is already set, because the first time counts. */
export const withMark = (marks: TurnMarks, mark: Mark, atMs: number): TurnMarks =>
  marks[mark] === undefined ? { ...marks, [mark]: atMs } : marks;

/**
 * The marks relative to the user’s last voiced frame, or to the final transcript when it is unknown when the voice ended. The marks of a
 * draft may be earlier than the end of the turn.
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
