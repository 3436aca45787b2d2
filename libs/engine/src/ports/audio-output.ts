/** A piece of speech for the listener. */
export interface OutgoingSpeech {
  turn: number;
  /** Counts the pieces of the turn, from 0. */
  seq: number;
  /** PCM, 16-bit mono at `OUTPUT_SAMPLE_RATE_HZ`. Empty only if `last` is set. */
  pcm: Int16Array;
  last: boolean;
}

/**
 * Where a conversation's speech is played, for example a browser behind a socket, a room or a file. It reports how much it has played with
 * `Conversation.reportPlayback`; if nothing is reported, the engine estimates it from the clock. Calls have no effect after the listener has
 * left.
 */
export interface AudioOutput {
  /** How much speech may at most be sent ahead of what the listener has heard, in ms. */
  readonly maxLeadMs: number;
  /** Whether playback can be paused in the middle of a turn and resumed from there. */
  readonly canPause: boolean;
  /** Appends the speech to what is being played of the same turn. */
  play(speech: OutgoingSpeech): void;
  /** Drops all speech of the turn that was not heard yet, including what may still be sent. */
  clear(turn: number): void;
  /** Lowers the volume while the user may be starting to speak, or restores it. */
  duck(turn: number, on: boolean): void;
  /** Pauses at the sample that is being played, or resumes from it. Only if `canPause` is set. */
  pause(turn: number, on: boolean): void;
}
