/** Times of a narration in milliseconds. */
export interface NarrationTiming {
  /** Limit from the first text that is generated to the first audio. */
  firstAudioTimeoutMs: number;
  /** Limit between two pieces of audio while more must follow. */
  gapTimeoutMs: number;
  /** Something is sent to an open socket at least this often. */
  keepAliveMs: number;
  /** Audio that is held back until its word has ended is handed out after the vendor has sent nothing for this long. */
  stallMs: number;
}

export const DEFAULT_TIMING: NarrationTiming = { firstAudioTimeoutMs: 10_000, gapTimeoutMs: 5_000, keepAliveMs: 10_000, stallMs: 300 };
