import type { EndReason } from '@parley/conversation';

/** How much of a turn's speech the listener has heard. */
export interface PlaybackReport {
  turn: number;
  event: 'started' | 'progress' | 'ended';
  /** Of the turn's speech, from its beginning. */
  playedMs: number;
}

/** One conversation that is being held, whatever carries its audio. Where every transport meets every engine. */
export interface Conversation {
  /** PCM s16 mono at `INPUT_SAMPLE_RATE_HZ`, any length; read before the call returns. */
  pushAudio(pcm: Int16Array): void;
  /** What the user has typed. */
  pushText(text: string): void;
  /** The user has pressed the stop button. */
  interrupt(): void;
  reportPlayback(report: PlaybackReport): void;
  /** Ends the conversation and releases everything. Idempotent. */
  end(reason: EndReason): void;
}
