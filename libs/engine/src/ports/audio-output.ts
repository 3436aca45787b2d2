/** A piece of speech on its way to the listener. */
export interface OutgoingSpeech {
  turn: number;
  /** From 0 within the turn. */
  seq: number;
  /** PCM s16 mono at `OUTPUT_SAMPLE_RATE_HZ`; empty only with `last`. */
  pcm: Int16Array;
  last: boolean;
}

/**
 * Where a conversation's speech is played: the browser behind a socket, a room, a file. How far it has played is reported back with
 * `Conversation.reportPlayback`; where nothing is reported, the engine goes by the clock. Calls after the listener has gone do nothing.
 */
export interface AudioOutput {
  /** Speech that may be under way ahead of the listener at most. Milliseconds. */
  readonly maxLeadMs: number;
  /** Whether playback can stand still in the middle of a turn and go on from there. */
  readonly canPause: boolean;
  /** Plays the speech behind what was played of the same turn. */
  play(speech: OutgoingSpeech): void;
  /** Drops all speech of the turn that has not been heard: queued, and still to come. */
  clear(turn: number): void;
  /** Lowers the voice while the user may be starting to speak, and raises it again. */
  duck(turn: number, on: boolean): void;
  /** Stands still at the sample that is being played, and goes on from it. Only where `canPause`. */
  pause(turn: number, on: boolean): void;
}
