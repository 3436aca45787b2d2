import type { PlaybackEvent } from '@parley/protocol';

/** What the listener has really heard of a turn; the page passes it on to the server as a `playback` message. */
export interface PlaybackReport {
  turn: number;
  event: PlaybackEvent;
  playedMs: number;
}
