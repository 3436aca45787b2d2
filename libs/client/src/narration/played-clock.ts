import type { PlaybackReport } from '../audio/playback-report';

/** Reports come about every 250 ms. If one is late, the position waits here rather than run ahead of what is heard. */
const MAX_AHEAD_MS = 400;

/** What is being heard: a turn of the playback, and the position in it. */
export interface PlayedPosition {
  readonly turn: number;
  readonly playedMs: number;
}

/** Follows the reports of a playback, and tells the position between them. Moments are on the clock of `performance.now()`. */
export class PlayedClock {
  private turn = 0;
  private playedMs = 0;
  private atMs = 0;
  private running = false;

  report({ turn, event, playedMs }: PlaybackReport, nowMs: number): void {
    this.turn = turn;
    this.playedMs = playedMs;
    this.atMs = nowMs;
    this.running = event !== 'ended';
  }

  /** The playback stands still: it was paused, or has nothing to play. The next report starts the clock again. */
  stop(nowMs: number): void {
    this.playedMs = this.position(nowMs).playedMs;
    this.running = false;
  }

  /** The playback goes on from where it stood. */
  resume(nowMs: number): void {
    this.atMs = nowMs;
    this.running = true;
  }

  /** What is heard now. Turn 0 before anything was. */
  position(nowMs: number): PlayedPosition {
    const passedMs = this.running && this.turn > 0 ? Math.min(MAX_AHEAD_MS, Math.max(0, nowMs - this.atMs)) : 0;
    return { turn: this.turn, playedMs: this.playedMs + passedMs };
  }
}
